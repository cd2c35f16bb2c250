import { get16, getInt32, set16, set32, type Memory } from '../../bytes/memory.ts';
import { DecodeError, EncodeError, within } from '../../errors.ts';
import { attribute, attributes, type AttributesInput } from '../../schema/attributes.ts';
import { checkObject, show, type Codec, type Owner } from '../../schema/codec.ts';
import { flags } from '../../schema/flags.ts';
import { bool8, u32 } from '../../schema/numbers.ts';
import { encap, encapType } from '../encap/index.ts';
import { labelStack } from '../mpls.ts';
import { familyAddress } from '../prefix.ts';
import { via } from './via.ts';

/** What a route and one of several nexthops can both have. */
export const nexthopAttributes = {
  gateway: attribute('RTA_GATEWAY', 5, familyAddress),
  flow: attribute('RTA_FLOW', 11, u32),
  via: attribute('RTA_VIA', 18, via),
  newdst: attribute('RTA_NEWDST', 19, labelStack),
  encapType: attribute('RTA_ENCAP_TYPE', 21, encapType),
  encap: attribute('RTA_ENCAP', 22, encap),
  ttlPropagate: attribute('RTA_TTL_PROPAGATE', 26, bool8),
};

const body = attributes(nexthopAttributes);

/** RTNH_F_: the eight bits of one nexthop. */
const nexthopFlags = flags(u32, {
  dead: ['RTNH_F_DEAD', 0x1],
  pervasive: ['RTNH_F_PERVASIVE', 0x2],
  onlink: ['RTNH_F_ONLINK', 0x4],
  offload: ['RTNH_F_OFFLOAD', 0x8],
  linkdown: ['RTNH_F_LINKDOWN', 0x10],
  unresolved: ['RTNH_F_UNRESOLVED', 0x20],
  trap: ['RTNH_F_TRAP', 0x40],
});

export type NexthopFlags = ReturnType<typeof nexthopFlags.toNames>;

/** One of the ways of a multipath route, as the wire has it. */
export interface WireHop extends AttributesInput<typeof nexthopAttributes> {
  oif?: number | undefined;
  /** Its share of the packets, 1 to 256. */
  weight?: number | undefined;
  flags?: NexthopFlags | undefined;
}

const headerSize = 8;

/**
 * RTA_MULTIPATH: records, each a `struct rtnexthop` and attributes.
 *
 *      0        2       3      4       8
 *      +--------+-------+------+-------+--------------
 *      | length | flags | hops | index | attributes...
 *      +--------+-------+------+-------+--------------
 */
export const multipath: Codec<WireHop[]> = {
  label: 'nexthops', size: 0,
  read(m, at, end, _owner, base) {
    const hops: WireHop[] = [];
    each(m, at, end, (from, to) => hops.push(readHop(m, from, to, base)));
    return hops;
  },
  write(w, hops, owner, base) {
    if (!Array.isArray(hops) || hops.length === 0) throw new EncodeError(`must be an array of nexthops, got ${show(hops)}`);
    hops.forEach((hop, i) => {
      const start = w.take(headerSize);
      try {
        checkObject(hop);
        const { oif = 0, weight = 1, flags = {}, ...rest } = hop;
        if (!(Number.isInteger(oif) && oif >= 0 && oif <= 0x7fffffff)) throw new EncodeError(`must be the index of a link, got ${show(oif)}`, 'oif');
        if (!(Number.isInteger(weight) && weight >= 1 && weight <= 256)) throw new EncodeError(`must be a whole number from 1 to 256, got ${show(weight)}`, 'weight');
        body.writeFrom(w, hopOwner(rest as Owner, owner), base, { family: true });
        w.memory.bytes[start + 2] = nexthopFlags.toNumber(flags) & 0xff;
        w.memory.bytes[start + 3] = weight - 1;
        set32(w.memory, start + 4, oif);
      } catch (error) {
        throw within(error, `[${i}]`);
      }
      set16(w.memory, start, w.at - start);
    });
  },
  visit(visitor, m, at, end, owner, base) {
    let i = 0;
    each(m, at, end, (from, to) => visitor.nest(`[${i++}]`, 'rtnexthop', from, to, () => {
      visitor.leaf('flags', 'rtnh_flags', from + 2, from + 3, nexthopFlags.show!(nexthopFlags.toNames(m.bytes[from + 2]!)));
      visitor.leaf('weight', 'rtnh_hops', from + 3, from + 4, String(m.bytes[from + 3]! + 1));
      visitor.leaf('oif', 'rtnh_ifindex', from + 4, from + 8, String(getInt32(m, from + 4)));
      body.visit!(visitor, m, from + headerSize, to, owner, base);
    }));
  },
};

function readHop(m: Memory, at: number, end: number, base: number): WireHop {
  const hop: Owner = {
    oif: getInt32(m, at + 4), weight: m.bytes[at + 3]! + 1, flags: nexthopFlags.toNames(m.bytes[at + 2]!),
  };
  body.readInto(hop, m, at + headerSize, end, base);
  return hop as WireHop;
}

/** The attributes of a hop see the family of their route. */
const hopOwner = (hop: Owner, owner: Owner): Owner => Object.assign({}, hop, { family: owner['family'] });

function each(m: Memory, at: number, end: number, use: (from: number, to: number) => void): void {
  while (end - at >= headerSize) {
    const length = get16(m, at);
    if (length < headerSize || at + length > end) throw new DecodeError(`a nexthop of ${length} bytes where ${end - at} are left`, at);
    use(at, at + length);
    at += (length + 3) & ~3;
  }
}
