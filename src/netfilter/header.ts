import { choice } from '../schema/choice.ts';
import { be16, u8 } from '../schema/numbers.ts';
import { field, hidden, struct } from '../schema/struct.ts';

/** Families of netfilter, in the words of nft: NFPROTO_ of include/uapi/linux/netfilter.h. */
export const family = choice(u8, {
  unspec: ['NFPROTO_UNSPEC', 0],
  inet: ['NFPROTO_INET', 1],
  ip: ['NFPROTO_IPV4', 2],
  arp: ['NFPROTO_ARP', 3],
  netdev: ['NFPROTO_NETDEV', 5],
  bridge: ['NFPROTO_BRIDGE', 7],
  ip6: ['NFPROTO_IPV6', 10],
});

/** `ip`, `ip6`, `inet` (both), `bridge`, `arp`, `netdev`. */
export type Family = ReturnType<typeof family.toName>;

/** `struct nfgenmsg` of include/uapi/linux/netfilter/nfnetlink.h. nf_tables puts half a generation id into `res_id`. */
export const nfgenmsg = struct('nfgenmsg', 4, {
  family: field('nfgen_family', 0, family),
  version: hidden('version', 1, u8),
  resourceId: hidden('res_id', 2, be16),
});

/** The same around a transaction, where `res_id` names the subsystem. */
export const batchHeader = struct('nfgenmsg', 4, {
  family: field('nfgen_family', 0, family),
  version: hidden('version', 1, u8),
  subsystem: field('res_id', 2, be16),
});
