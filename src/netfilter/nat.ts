import { flags } from '../schema/flags.ts';
import { be32 } from '../schema/numbers.ts';

/** How an address and a port are chosen: NF_NAT_RANGE_ of include/uapi/linux/netfilter/nf_nat.h. */
export const natFlags = flags(be32, {
  mapIps: ['NF_NAT_RANGE_MAP_IPS', 0x1],
  protoSpecified: ['NF_NAT_RANGE_PROTO_SPECIFIED', 0x2],
  random: ['NF_NAT_RANGE_PROTO_RANDOM', 0x4],
  persistent: ['NF_NAT_RANGE_PERSISTENT', 0x8],
  fullyRandom: ['NF_NAT_RANGE_PROTO_RANDOM_FULLY', 0x10],
  protoOffset: ['NF_NAT_RANGE_PROTO_OFFSET', 0x20],
  netmap: ['NF_NAT_RANGE_NETMAP', 0x40],
});
