import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flag } from '../../../schema/leaves.ts';
import { u32 } from '../../../schema/numbers.ts';

/** IFLA_XFRM_ of include/uapi/linux/if_link.h; `link` is the index of the link it sends through. */
export const xfrmOptions = attributes({
  link: attribute('IFLA_XFRM_LINK', 1, u32),
  ifId: attribute('IFLA_XFRM_IF_ID', 2, u32),
  collectMetadata: attribute('IFLA_XFRM_COLLECT_METADATA', 3, flag),
});

/** What `options` holds where `kind` is 'xfrm'. */
export type XfrmOptions = Infer<typeof xfrmOptions>;
