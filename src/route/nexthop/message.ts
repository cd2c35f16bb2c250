import { get32 } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { list, packed } from '../../schema/arrays.ts';
import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { checkObject, show, type Codec } from '../../schema/codec.ts';
import { flags } from '../../schema/flags.ts';
import { flag } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { bool32, clockTicks, clockTicks64, u16, u32, uint } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { scope } from '../addr/header.ts';
import { encap, encapType, type EncapPart } from '../encap/index.ts';
import { family } from '../family.ts';
import type { LinkRef } from '../link/message.ts';
import { familyAddress } from '../prefix.ts';
import { routeFlags, routeProtocolName } from '../route/header.ts';

/**
 * `struct nhmsg` of include/uapi/linux/nexthop.h:
 *
 *      0        1       2          3     4       8
 *      +--------+-------+----------+-----+-------+
 *      | family | scope | protocol | pad | flags |
 *      +--------+-------+----------+-----+-------+
 */
const nhmsg = struct('nhmsg', 8, {
  family: field('nh_family', 0, family),
  scope: field('nh_scope', 1, scope),
  protocol: field('nh_protocol', 2, routeProtocolName),
  flags: field('nh_flags', 4, routeFlags),
});

/** A member of a group. */
export interface GroupMember {
  readonly id: number;
  /** Its share, 1 to 65536 (to 255 on kernels before 6.12); 1 unless given. */
  readonly weight?: number | undefined;
}

/** `struct nexthop_grp`: the weight less one, its higher byte behind the lower. */
const member: Codec<GroupMember> = {
  label: 'struct nexthop_grp', size: 8,
  read: (m, at) => ({ id: get32(m, at), weight: (m.bytes[at + 4]! | (m.bytes[at + 5]! << 8)) + 1 }),
  write(w, value, owner, base) {
    checkObject(value);
    const { id, weight = 1 } = value;
    if (!Number.isInteger(weight) || weight < 1 || weight > 65536) throw new EncodeError(`must be a whole number from 1 to 65536, got ${show(weight)}`, 'weight');
    u32.write(w, id, owner, base);
    const at = w.take(4);
    w.memory.bytes[at] = (weight - 1) & 0xff;
    w.memory.bytes[at + 1] = (weight - 1) >>> 8;
  },
};

const readOnly = true;

/** What RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_GETNEXTHOP and those for buckets carry: NHA_ of include/uapi/linux/nexthop.h. */
export const nexthopMessage = message('nexthop', nhmsg, attributes({
  id: attribute('NHA_ID', 1, u32, { always: true }),
  group: attribute('NHA_GROUP', 2, packed(member)),
  groupType: attribute('NHA_GROUP_TYPE', 3, choice(u16, {
    mpath: ['NEXTHOP_GRP_TYPE_MPATH', 0],
    resilient: ['NEXTHOP_GRP_TYPE_RES', 1],
  })),
  blackhole: attribute('NHA_BLACKHOLE', 4, flag),
  oif: attribute('NHA_OIF', 5, u32),
  gateway: attribute('NHA_GATEWAY', 6, familyAddress),
  encapType: attribute('NHA_ENCAP_TYPE', 7, encapType),
  encap: attribute('NHA_ENCAP', 8, encap),
  /** In a request for a listing: groups alone. */
  groups: attribute('NHA_GROUPS', 9, flag),
  master: attribute('NHA_MASTER', 10, u32),
  /** It is for entries of a forwarding table. */
  fdb: attribute('NHA_FDB', 11, flag),
  /** Of a resilient group; times are seconds. */
  resilient: attribute('NHA_RES_GROUP', 12, attributes({
    buckets: attribute('NHA_RES_GROUP_BUCKETS', 1, u16),
    idleTimer: attribute('NHA_RES_GROUP_IDLE_TIMER', 2, clockTicks),
    unbalancedTimer: attribute('NHA_RES_GROUP_UNBALANCED_TIMER', 3, clockTicks),
    unbalancedTime: attribute('NHA_RES_GROUP_UNBALANCED_TIME', 4, clockTicks64, { readOnly }),
  }, padding('NHA_RES_GROUP_PAD', 0))),
  bucket: attribute('NHA_RES_BUCKET', 13, attributes({
    index: attribute('NHA_RES_BUCKET_INDEX', 1, u16),
    idleTime: attribute('NHA_RES_BUCKET_IDLE_TIME', 2, clockTicks64),
    nhid: attribute('NHA_RES_BUCKET_NH_ID', 3, u32),
  }, padding('NHA_RES_BUCKET_PAD', 0))),
  opFlags: attribute('NHA_OP_FLAGS', 14, flags(u32, {
    dumpStats: ['NHA_OP_FLAG_DUMP_STATS', 0x1],
    dumpHwStats: ['NHA_OP_FLAG_DUMP_HW_STATS', 0x2],
    respGrpResvd0: ['NHA_OP_FLAG_RESP_GRP_RESVD_0', 0x80000000],
  })),
  groupStats: attribute('NHA_GROUP_STATS', 15, list('NHA_GROUP_STATS_ENTRY', attributes({
    id: attribute('NHA_GROUP_STATS_ENTRY_ID', 1, u32),
    packets: attribute('NHA_GROUP_STATS_ENTRY_PACKETS', 2, uint),
    packetsHw: attribute('NHA_GROUP_STATS_ENTRY_PACKETS_HW', 3, uint),
  }), 1), { readOnly }),
  hwStats: attribute('NHA_HW_STATS_ENABLE', 16, bool32),
  hwStatsUsed: attribute('NHA_HW_STATS_USED', 17, bool32, { readOnly }),
}));

type Wire = Decoded<typeof nexthopMessage>;
type Rest = Omit<Wire, 'encap' | 'encapType' | 'groups' | 'bucket' | 'opFlags'>;

/** A nexthop object, or a group of them. What is listed can be given to `add`. */
export type Nexthop = Rest & EncapPart;

/** A nexthop to be made; without an id the kernel chooses one. */
export type NexthopInput = { [K in keyof Rest]?: Rest[K] | undefined } & EncapPart & { dev?: LinkRef | undefined };

/** A bucket of a resilient group. */
export type NexthopBucket = Pick<Wire, 'family' | 'protocol' | 'flags' | 'id'> & { bucket: { index: number; nhid: number; idleTime?: number | undefined } };

/** The messages of this family, by type. */
export const nexthopMessages = {
  104: { cName: 'RTM_NEWNEXTHOP', message: nexthopMessage },
  105: { cName: 'RTM_DELNEXTHOP', message: nexthopMessage },
  106: { cName: 'RTM_GETNEXTHOP', message: nexthopMessage },
  116: { cName: 'RTM_NEWNEXTHOPBUCKET', message: nexthopMessage },
  117: { cName: 'RTM_DELNEXTHOPBUCKET', message: nexthopMessage },
  118: { cName: 'RTM_GETNEXTHOPBUCKET', message: nexthopMessage },
};
