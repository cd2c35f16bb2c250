import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flag, ipv4, ipv6 } from '../../../schema/leaves.ts';
import { limited } from '../../../schema/limited.ts';
import { be16, be32, bool8, u32, u8 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { tunnelDf } from './vxlan.ts';

/** IFLA_GENEVE_ of include/uapi/linux/if_link.h. */
export const geneveOptions = attributes({
  id: attribute('IFLA_GENEVE_ID', 1, limited(u32, 0, 0xffffff)),
  remote: attribute('IFLA_GENEVE_REMOTE', 2, ipv4),
  ttl: attribute('IFLA_GENEVE_TTL', 3, u8),
  tos: attribute('IFLA_GENEVE_TOS', 4, u8),
  port: attribute('IFLA_GENEVE_PORT', 5, be16),
  collectMetadata: attribute('IFLA_GENEVE_COLLECT_METADATA', 6, flag),
  remote6: attribute('IFLA_GENEVE_REMOTE6', 7, ipv6),
  udpCsum: attribute('IFLA_GENEVE_UDP_CSUM', 8, bool8),
  udpZeroCsum6Tx: attribute('IFLA_GENEVE_UDP_ZERO_CSUM6_TX', 9, bool8),
  udpZeroCsum6Rx: attribute('IFLA_GENEVE_UDP_ZERO_CSUM6_RX', 10, bool8),
  label: attribute('IFLA_GENEVE_LABEL', 11, limited(be32, 0, 0xfffff)),
  ttlInherit: attribute('IFLA_GENEVE_TTL_INHERIT', 12, bool8),
  df: attribute('IFLA_GENEVE_DF', 13, tunnelDf),
  innerProtoInherit: attribute('IFLA_GENEVE_INNER_PROTO_INHERIT', 14, flag),
  portRange: attribute('IFLA_GENEVE_PORT_RANGE', 15, struct('ifla_geneve_port_range', 4, {
    low: field('low', 0, be16),
    high: field('high', 2, be16),
  })),
  groHint: attribute('IFLA_GENEVE_GRO_HINT', 16, flag),
  local: attribute('IFLA_GENEVE_LOCAL', 17, ipv4),
  local6: attribute('IFLA_GENEVE_LOCAL6', 18, ipv6),
});

/** What `options` holds where `kind` is 'geneve'. */
export type GeneveOptions = Infer<typeof geneveOptions>;
