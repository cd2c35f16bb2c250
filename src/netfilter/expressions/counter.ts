import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { be64 } from '../../schema/numbers.ts';

/** Counts packets and bytes. */
export const counter = attributes({
  bytes: attribute('NFTA_COUNTER_BYTES', 1, be64),
  packets: attribute('NFTA_COUNTER_PACKETS', 2, be64),
}, padding('NFTA_COUNTER_PAD', 3));
