import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { u32 } from '../../../schema/numbers.ts';

/** IFLA_DSA_ of include/uapi/linux/if_link.h: a port of a switch; `conduit` is the index of the link to the CPU. */
export const dsaOptions = attributes({
  conduit: attribute('IFLA_DSA_CONDUIT', 1, u32),
});

/** What `options` holds where `kind` is 'dsa'. */
export type DsaOptions = Infer<typeof dsaOptions>;
