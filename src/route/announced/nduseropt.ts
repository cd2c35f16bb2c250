import { get16 } from '../../bytes/memory.ts';
import { DecodeError, EncodeError } from '../../errors.ts';
import { attribute, attributes } from '../../schema/attributes.ts';
import { show } from '../../schema/codec.ts';
import { ipv6, copyOf } from '../../schema/leaves.ts';
import { message, type Decoded, type Message } from '../../schema/message.ts';
import { hidden } from '../../schema/struct.ts';
import { s32, u16, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';

/** An option of a router's message: its type (25 is RDNSS, 31 DNSSL) and what stands behind type and length. */
export interface NdOption {
  readonly type: number;
  readonly data: Uint8Array;
}

const headerSize = 16;

/** `struct nduseroptmsg` of include/uapi/linux/rtnetlink.h; the options lie between it and the attributes. */
const nduseroptmsg = struct('nduseroptmsg', headerSize, {
  family: field('nduseropt_family', 0, family),
  optionsLength: hidden('nduseropt_opts_len', 2, u16),
  index: field('nduseropt_ifindex', 4, s32),
  icmpType: field('nduseropt_icmp_type', 8, u8),
  icmpCode: field('nduseropt_icmp_code', 9, u8),
});

const body = attributes({
  source: attribute('NDUSEROPT_SRCADDR', 1, ipv6),
});

const bare = message('nduseropt', nduseroptmsg, body);

/** Options that a router has sent and the kernel leaves to programs: names of servers and the like. */
export type Nduseropt = Decoded<typeof bare> & { options: NdOption[] };

/** RTM_NEWNDUSEROPT. */
export const nduseroptMessage: Message<Nduseropt, Partial<Nduseropt>> = {
  ...(bare as unknown as Message<Nduseropt, Partial<Nduseropt>>),
  decode(m, at, end) {
    const value: { [key: string]: unknown } = {};
    nduseroptmsg.readInto(value, m, at, end);
    const stop = optionsEnd(m, at, end), options: NdOption[] = [];
    for (let from = at + headerSize; from + 8 <= stop; ) {
      const length = m.bytes[from + 1]! * 8;
      if (length === 0 || from + length > stop) throw new DecodeError(`an option of ${length} bytes where ${stop - from} are left`, from);
      options.push({ type: m.bytes[from]!, data: copyOf(m, from + 2, from + length) });
      from += length;
    }
    value['options'] = options;
    body.readInto(value, m, Math.min(end, (stop + 3) & ~3), end, at);
    return value as unknown as Nduseropt;
  },
  encode(w, { options = [], source, ...header }) {
    const base = w.at;
    nduseroptmsg.writeFrom(w, header, base);
    if (!Array.isArray(options) || !options.every((option) => option?.data instanceof Uint8Array))
      throw new EncodeError(`must be an array of { type, data }, got ${show(options)}`, 'options');
    for (const { type, data } of options) {
      w.u8(type);
      w.u8((data.length + 2) / 8);
      w.bytes(data);
    }
    const length = w.at - base - headerSize;
    w.memory.bytes.set(new Uint8Array(new Uint16Array([length]).buffer), base + 2);
    body.writeFrom(w, { source }, base);
  },
  visit(visitor, m, at, end) {
    visitor.nest('', 'nduseroptmsg', at, at + headerSize, () => nduseroptmsg.visit!(visitor, m, at, Math.min(end, at + headerSize), {}, at));
    const stop = optionsEnd(m, at, end);
    visitor.leaf('options', 'nd_opt_hdr', at + headerSize, stop, `0x${Buffer.from(m.bytes.subarray(at + headerSize, stop)).toString('hex')}`);
    if (stop < end) body.visit!(visitor, m, (stop + 3) & ~3, end, {}, at);
  },
};

function optionsEnd(m: Parameters<typeof get16>[0], at: number, end: number): number {
  const stop = at + headerSize + get16(m, at + 2);
  if (stop > end) throw new DecodeError(`options that end behind their message`, at);
  return stop;
}
