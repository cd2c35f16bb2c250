import { EncodeError } from '../../../../errors.ts';
import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { list } from '../../../../schema/arrays.ts';
import { choice } from '../../../../schema/choice.ts';
import { show } from '../../../../schema/codec.ts';
import { octets } from '../../../../schema/leaves.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { u16, u32, u8 } from '../../../../schema/numbers.ts';
import { field, hidden, struct } from '../../../../schema/struct.ts';
import { tailed } from '../../../../schema/tailed.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** Four bytes as they stand in the packet, as hex digits. */
const hex4 = mapped(octets(4), (bytes) => Buffer.from(bytes).toString('hex'), (digits: string) => {
  if (typeof digits !== 'string' || !/^[0-9a-f]{8}$/i.test(digits)) throw new EncodeError(`must be 8 hex digits, got ${show(digits)}`);
  return new Uint8Array(Buffer.from(digits, 'hex'));
});

/** One change of 32 bits: `packet[off] = (packet[off] & mask) ^ val`, in the order of the bytes in the packet. */
const key = struct('tc_pedit_key', 24, {
  mask: field('mask', 0, hex4),
  val: field('val', 4, hex4),
  off: field('off', 8, u32),
  at: field('at', 12, u32),
  offmask: field('offmask', 16, u32),
  shift: field('shift', 20, u32),
});

const sel = tailed(struct('tc_pedit_sel', 24, {
  ...tcGen,
  nkeys: hidden('nkeys', 20, u8),
  flags: field('flags', 21, u8),
}), 'keys', key, 20);

/** What the offset of a key counts from, and whether its value is set or added. */
const extended = attributes({
  header: attribute('TCA_PEDIT_KEY_EX_HTYPE', 1, choice(u16, {
    network: ['TCA_PEDIT_KEY_EX_HDR_TYPE_NETWORK', 0],
    eth: ['TCA_PEDIT_KEY_EX_HDR_TYPE_ETH', 1],
    ip: ['TCA_PEDIT_KEY_EX_HDR_TYPE_IP4', 2],
    ip6: ['TCA_PEDIT_KEY_EX_HDR_TYPE_IP6', 3],
    tcp: ['TCA_PEDIT_KEY_EX_HDR_TYPE_TCP', 4],
    udp: ['TCA_PEDIT_KEY_EX_HDR_TYPE_UDP', 5],
  })),
  cmd: attribute('TCA_PEDIT_KEY_EX_CMD', 2, choice(u16, { set: ['TCA_PEDIT_KEY_EX_CMD_SET', 0], add: ['TCA_PEDIT_KEY_EX_CMD_ADD', 1] })),
});

/** `tc action ... pedit [ex] munge ...`: with `keysEx` as many of them as `sel` has keys, in `parmsEx` instead of `parms`. */
export const peditAction = attributes({
  parms: attribute('TCA_PEDIT_PARMS', 2, sel),
  parmsEx: attribute('TCA_PEDIT_PARMS_EX', 4, sel),
  keysEx: attribute('TCA_PEDIT_KEYS_EX', 5, list('TCA_PEDIT_KEY_EX', extended, 6)),
  times: attribute('TCA_PEDIT_TM', 1, times, { readOnly: true }),
}, padding('TCA_PEDIT_PAD', 3));
