import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { u32 } from '../../../schema/numbers.ts';

/** IFLA_VRF_ of include/uapi/linux/if_link.h; `table` is its routing table. */
export const vrfOptions = attributes({
  table: attribute('IFLA_VRF_TABLE', 1, u32),
});

/** What `options` holds where `kind` is 'vrf'. */
export type VrfOptions = Infer<typeof vrfOptions>;
