import { formatIPv4, formatIPv6, parseIp } from '../../bytes/ip.ts';
import { formatMac, parseMac } from '../../bytes/hex.ts';
import { get16, get32, type Memory } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { multi } from '../../schema/arrays.ts';
import { attribute, attributes, within, type Infer } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { checkObject, show, type Codec, type Owner } from '../../schema/codec.ts';
import { flags } from '../../schema/flags.ts';
import { ip } from '../../schema/leaves.ts';
import { message, type Decoded, type Message } from '../../schema/message.ts';
import { be16, clockTicks, u16, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { multicastRouter } from '../link/kinds/bridge.ts';
import { routeProtocolName } from '../route/header.ts';

/** `struct br_port_msg` of include/uapi/linux/if_bridge.h; `index` is the bridge. */
const brPortMsg = struct('br_port_msg', 8, { family: field('family', 0, family), index: field('ifindex', 4, u32) });

const ETH_P_IP = 0x0800, ETH_P_IPV6 = 0x86dd, entrySize = 28;

/** The union and the protocol behind it: an IPv4, IPv6 or link-layer group address. */
const groupAddress: Codec<string> = {
  label: 'group address', size: 20,
  read(m, at) {
    const protocol = m.bytes.readUInt16BE(at + 16);
    return protocol === ETH_P_IP ? formatIPv4(m, at) : protocol === ETH_P_IPV6 ? formatIPv6(m, at) : formatMac(m.bytes, at, at + 6);
  },
  write(w, value) {
    const bytes = typeof value !== 'string' ? undefined : parseIp(value) ?? (/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(value) ? parseMac(value) : undefined);
    if (!bytes) throw new EncodeError(`must be the address of a group, IPv4, IPv6 or link-layer, got ${show(value)}`);
    const at = w.take(20);
    w.memory.bytes.set(bytes, at);
    w.memory.bytes.writeUInt16BE(bytes.length === 4 ? ETH_P_IP : bytes.length === 16 ? ETH_P_IPV6 : 0, at + 16);
  },
};

/** `struct br_mdb_entry` */
const entryStruct = struct('br_mdb_entry', entrySize, {
  /** The port, or the bridge itself. */
  port: field('ifindex', 0, u32),
  state: field('state', 4, choice(u8, { temporary: ['MDB_TEMPORARY', 0], permanent: ['MDB_PERMANENT', 1] })),
  flags: field('flags', 5, flags(u8, {
    offload: ['MDB_FLAGS_OFFLOAD', 0x1],
    fastLeave: ['MDB_FLAGS_FAST_LEAVE', 0x2],
    starExcl: ['MDB_FLAGS_STAR_EXCL', 0x4],
    blocked: ['MDB_FLAGS_BLOCKED', 0x8],
    offloadFailed: ['MDB_FLAGS_OFFLOAD_FAILED', 0x10],
  })),
  vlan: field('vid', 6, u16),
  group: field('addr', 8, groupAddress),
});

const filterMode = choice(u8, { exclude: ['MCAST_EXCLUDE', 0], include: ['MCAST_INCLUDE', 1] });

const entryAttributes = attributes({
  /** Seconds until it is forgotten. */
  timer: attribute('MDBA_MDB_EATTR_TIMER', 1, clockTicks),
  ...within('MDBA_MDB_EATTR_SRC_LIST', 2, {
    sources: attribute('MDBA_MDB_SRCLIST_ENTRY', 1, multi(attributes({
      address: attribute('MDBA_MDB_SRCATTR_ADDRESS', 1, ip),
      timer: attribute('MDBA_MDB_SRCATTR_TIMER', 2, clockTicks),
    }))),
  }),
  filterMode: attribute('MDBA_MDB_EATTR_GROUP_MODE', 3, filterMode),
  source: attribute('MDBA_MDB_EATTR_SOURCE', 4, ip),
  protocol: attribute('MDBA_MDB_EATTR_RTPROT', 5, routeProtocolName),
  dst: attribute('MDBA_MDB_EATTR_DST', 6, ip),
  dstPort: attribute('MDBA_MDB_EATTR_DST_PORT', 7, u16),
  vni: attribute('MDBA_MDB_EATTR_VNI', 8, u32),
  via: attribute('MDBA_MDB_EATTR_IFINDEX', 9, u32),
  srcVni: attribute('MDBA_MDB_EATTR_SRC_VNI', 10, u32),
});

/** MDBA_MDB_ENTRY_INFO: the struct and attributes behind it. */
const entryInfo: Codec<MdbEntryWire> = {
  label: 'struct br_mdb_entry and attributes', size: entrySize,
  read(m, at, end, owner, base) {
    const value: Owner = entryStruct.read(m, at, at + entrySize, owner, base);
    entryAttributes.readInto(value, m, at + entrySize, end, base);
    return value as unknown as MdbEntryWire;
  },
  write(w, value, _owner, base) {
    checkObject(value);
    entryStruct.writeFrom(w, value as unknown as Owner, base);
    entryAttributes.writeFrom(w, value as unknown as Owner, base, entryStruct.fields);
  },
  visit(visitor, m, at, end, owner, base) {
    entryStruct.visit!(visitor, m, at, at + entrySize, owner, base);
    entryAttributes.visit!(visitor, m, at + entrySize, end, owner, base);
  },
};

type MdbEntryWire = Infer<typeof entryStruct> & Infer<typeof entryAttributes>;

const routerAttributes = attributes({
  timer: attribute('MDBA_ROUTER_PATTR_TIMER', 1, clockTicks),
  type: attribute('MDBA_ROUTER_PATTR_TYPE', 2, multicastRouter),
  inetTimer: attribute('MDBA_ROUTER_PATTR_INET_TIMER', 3, clockTicks),
  inet6Timer: attribute('MDBA_ROUTER_PATTR_INET6_TIMER', 4, clockTicks),
  vlan: attribute('MDBA_ROUTER_PATTR_VID', 5, u16),
});

/** MDBA_ROUTER_PORT: the number of the port and attributes behind it. */
const routerPort: Codec<{ port: number } & Infer<typeof routerAttributes>> = {
  label: 'port and attributes', size: 4,
  read(m, at, end, _owner, base) {
    const value: Owner = { port: get32(m, at) };
    routerAttributes.readInto(value, m, at + 4, end, base);
    return value as never;
  },
  write(w, value, owner, base) {
    checkObject(value);
    const { port, ...rest } = value;
    u32.write(w, port, owner, base);
    routerAttributes.writeFrom(w, rest, base);
  },
  visit(visitor, m, at, end, owner, base) {
    visitor.leaf('port', 'ifindex', at, at + 4, String(get32(m, at)));
    routerAttributes.visit!(visitor, m, at + 4, end, owner, base);
  },
};

/** What the kernel answers and announces: MDBA_ of include/uapi/linux/if_bridge.h. */
const reply = message('mdb', brPortMsg, attributes({
  ...within('MDBA_MDB', 1, {
    entries: attribute('MDBA_MDB_ENTRY', 1, multi(attributes({
      infos: attribute('MDBA_MDB_ENTRY_INFO', 1, multi(entryInfo)),
    }))),
  }),
  ...within('MDBA_ROUTER', 2, {
    routers: attribute('MDBA_ROUTER_PORT', 1, multi(routerPort)),
  }),
}));

/** What is asked of it, with the same numbers: MDBA_SET_ENTRY and MDBA_GET_ENTRY, and MDBE_ATTR_ in the nest behind. */
export const mdbRequest = message('mdb', brPortMsg, attributes({
  entry: attribute('MDBA_SET_ENTRY', 1, entryStruct),
  ...within('MDBA_SET_ENTRY_ATTRS', 2, {
    source: attribute('MDBE_ATTR_SOURCE', 1, ip),
    ...within('MDBE_ATTR_SRC_LIST', 2, {
      sources: attribute('MDBE_SRC_LIST_ENTRY', 1, multi(attributes({ address: attribute('MDBE_SRCATTR_ADDRESS', 1, ip) }))),
    }),
    filterMode: attribute('MDBE_ATTR_GROUP_MODE', 3, filterMode),
    protocol: attribute('MDBE_ATTR_RTPROT', 4, routeProtocolName),
    dst: attribute('MDBE_ATTR_DST', 5, ip),
    dstPort: attribute('MDBE_ATTR_DST_PORT', 6, be16),
    vni: attribute('MDBE_ATTR_VNI', 7, u32),
    via: attribute('MDBE_ATTR_IFINDEX', 8, u32),
    srcVni: attribute('MDBE_ATTR_SRC_VNI', 9, u32),
    stateMask: attribute('MDBE_ATTR_STATE_MASK', 10, u8),
  }),
}));

/** An answer begins with a nest, a request with the bare struct. */
const shapeOf = (m: Memory, at: number, end: number): typeof reply | typeof mdbRequest =>
  at + 12 <= end && get16(m, at + 8) === 4 + entrySize ? mdbRequest : reply;

/** Either of the two, told apart by what lies in them. */
export const mdbMessage: Message<Decoded<typeof reply>, object> = {
  ...(reply as unknown as Message<Decoded<typeof reply>, object>),
  decode: (m, at, end) => shapeOf(m, at, end).decode(m, at, end) as Decoded<typeof reply>,
  encode: (w, value) => ('entry' in value ? mdbRequest.encode(w, value as never) : reply.encode(w, value as Decoded<typeof reply>)),
  visit: (visitor, m, at, end) => shapeOf(m, at, end).visit(visitor, m, at, end),
};

/** What a bridge and its ports know of multicast, as it is announced. */
export type Mdb = Decoded<typeof reply>;

/** A group that hosts behind a port listen to; `index` is the bridge. */
export type MdbEntry = MdbEntryWire & { index: number };

/** The messages of this family, by type. */
export const mdbMessages = {
  84: { cName: 'RTM_NEWMDB', message: mdbMessage },
  85: { cName: 'RTM_DELMDB', message: mdbMessage },
  86: { cName: 'RTM_GETMDB', message: mdbMessage },
};
