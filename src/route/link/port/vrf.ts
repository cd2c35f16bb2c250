import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { u32 } from '../../../schema/numbers.ts';

/** IFLA_VRF_PORT_ of include/uapi/linux/if_link.h: a link in a VRF; `table` is the VRF's routing table. */
export const vrfPort = attributes({
  table: attribute('IFLA_VRF_PORT_TABLE', 1, u32, { readOnly: true }),
});

/** What `port` holds where `portKind` is 'vrf'. */
export type VrfPort = Infer<typeof vrfPort>;
