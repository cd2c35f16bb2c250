import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flag, hexadecimal, ipv4, ipv6 } from '../../../schema/leaves.ts';
import { limited } from '../../../schema/limited.ts';
import { be16, be32, bool8, u32, u8 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { reportedFlag } from '../reported-flag.ts';

/** Don't-fragment of the outer packet, for vxlan and geneve. */
export const tunnelDf = choice(u8, {
  unset: ['VXLAN_DF_UNSET', 0],
  set: ['VXLAN_DF_SET', 1],
  inherit: ['VXLAN_DF_INHERIT', 2],
});

/**
 * IFLA_VXLAN_ of include/uapi/linux/if_link.h. `ageing` is seconds. A remote or group address goes to `group` or
 * `group6` by its family, the local one to `local` or `local6`.
 */
export const vxlanOptions = attributes({
  id: attribute('IFLA_VXLAN_ID', 1, limited(u32, 0, 0xffffff)),
  group: attribute('IFLA_VXLAN_GROUP', 2, ipv4),
  link: attribute('IFLA_VXLAN_LINK', 3, u32),
  local: attribute('IFLA_VXLAN_LOCAL', 4, ipv4),
  ttl: attribute('IFLA_VXLAN_TTL', 5, u8),
  tos: attribute('IFLA_VXLAN_TOS', 6, u8),
  learning: attribute('IFLA_VXLAN_LEARNING', 7, bool8),
  ageing: attribute('IFLA_VXLAN_AGEING', 8, u32),
  limit: attribute('IFLA_VXLAN_LIMIT', 9, u32),
  portRange: attribute('IFLA_VXLAN_PORT_RANGE', 10, struct('ifla_vxlan_port_range', 4, {
    low: field('low', 0, be16),
    high: field('high', 2, be16),
  })),
  proxy: attribute('IFLA_VXLAN_PROXY', 11, bool8),
  rsc: attribute('IFLA_VXLAN_RSC', 12, bool8),
  l2miss: attribute('IFLA_VXLAN_L2MISS', 13, bool8),
  l3miss: attribute('IFLA_VXLAN_L3MISS', 14, bool8),
  port: attribute('IFLA_VXLAN_PORT', 15, be16),
  group6: attribute('IFLA_VXLAN_GROUP6', 16, ipv6),
  local6: attribute('IFLA_VXLAN_LOCAL6', 17, ipv6),
  udpCsum: attribute('IFLA_VXLAN_UDP_CSUM', 18, bool8),
  udpZeroCsum6Tx: attribute('IFLA_VXLAN_UDP_ZERO_CSUM6_TX', 19, bool8),
  udpZeroCsum6Rx: attribute('IFLA_VXLAN_UDP_ZERO_CSUM6_RX', 20, bool8),
  remcsumTx: attribute('IFLA_VXLAN_REMCSUM_TX', 21, bool8),
  remcsumRx: attribute('IFLA_VXLAN_REMCSUM_RX', 22, bool8),
  gbp: attribute('IFLA_VXLAN_GBP', 23, flag),
  remcsumNopartial: attribute('IFLA_VXLAN_REMCSUM_NOPARTIAL', 24, flag),
  collectMetadata: attribute('IFLA_VXLAN_COLLECT_METADATA', 25, bool8),
  label: attribute('IFLA_VXLAN_LABEL', 26, limited(be32, 0, 0xfffff)),
  gpe: attribute('IFLA_VXLAN_GPE', 27, flag),
  ttlInherit: attribute('IFLA_VXLAN_TTL_INHERIT', 28, reportedFlag),
  df: attribute('IFLA_VXLAN_DF', 29, tunnelDf),
  vnifilter: attribute('IFLA_VXLAN_VNIFILTER', 30, bool8),
  localbypass: attribute('IFLA_VXLAN_LOCALBYPASS', 31, bool8),
  labelPolicy: attribute('IFLA_VXLAN_LABEL_POLICY', 32, choice(u32, {
    fixed: ['VXLAN_LABEL_FIXED', 0],
    inherit: ['VXLAN_LABEL_INHERIT', 1],
  })),
  reservedBits: attribute('IFLA_VXLAN_RESERVED_BITS', 33, hexadecimal),
  mcRoute: attribute('IFLA_VXLAN_MC_ROUTE', 34, bool8),
});

/** What `options` holds where `kind` is 'vxlan'. */
export type VxlanOptions = Infer<typeof vxlanOptions>;
