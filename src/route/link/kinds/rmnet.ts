import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { masked } from '../../../schema/masked.ts';
import { u16 } from '../../../schema/numbers.ts';

/** IFLA_RMNET_ of include/uapi/linux/if_link.h. */
export const rmnetOptions = attributes({
  muxId: attribute('IFLA_RMNET_MUX_ID', 1, u16),
  flags: attribute('IFLA_RMNET_FLAGS', 2, masked({
    ingressDeaggregation: ['RMNET_FLAGS_INGRESS_DEAGGREGATION', 0x1],
    ingressMapCommands: ['RMNET_FLAGS_INGRESS_MAP_COMMANDS', 0x2],
    ingressMapCksumv4: ['RMNET_FLAGS_INGRESS_MAP_CKSUMV4', 0x4],
    egressMapCksumv4: ['RMNET_FLAGS_EGRESS_MAP_CKSUMV4', 0x8],
    ingressMapCksumv5: ['RMNET_FLAGS_INGRESS_MAP_CKSUMV5', 0x10],
    egressMapCksumv5: ['RMNET_FLAGS_EGRESS_MAP_CKSUMV5', 0x20],
  })),
});

/** What `options` holds where `kind` is 'rmnet'. */
export type RmnetOptions = Infer<typeof rmnetOptions>;
