import type { Exchange } from '../../conversation/operation.ts';
import { generationExchange } from '../transaction.ts';
import type { Generation } from './message.ts';

/** The number of the ruleset, one larger after each transaction that changed something. */
export const get = (): Exchange<Generation> => generationExchange();
