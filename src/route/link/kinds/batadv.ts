import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { cstring } from '../../../schema/leaves.ts';

/** IFLA_BATADV_ of include/uapi/linux/batman_adv.h; the algorithm is `BATMAN_IV` or `BATMAN_V`. */
export const batadvOptions = attributes({
  algoName: attribute('IFLA_BATADV_ALGO_NAME', 1, cstring),
});

/** What `options` holds where `kind` is 'batadv'. */
export type BatadvOptions = Infer<typeof batadvOptions>;
