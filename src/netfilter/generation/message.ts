import { attribute, attributes } from '../../schema/attributes.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { cstring } from '../../schema/leaves.ts';
import { be32 } from '../../schema/numbers.ts';
import { batchHeader, nfgenmsg } from '../header.ts';

/** The number of the ruleset: each transaction that changes something makes it one larger. */
export const generationMessage = message('generation', nfgenmsg, attributes({
  id: attribute('NFTA_GEN_ID', 1, be32, { always: true }),
  /** Who asks, or in an event who made the change: the process as the first pid namespace counts. */
  pid: attribute('NFTA_GEN_PROC_PID', 2, be32),
  process: attribute('NFTA_GEN_PROC_NAME', 3, cstring),
}));

/** Begins and ends a transaction. */
export const batchMessage = message('batch', batchHeader, attributes({
  /** The generation that the transaction was made for; another one refuses it with ERESTART. */
  generation: attribute('NFNL_BATCH_GENID', 1, be32),
}));

export type Generation = Decoded<typeof generationMessage>;
