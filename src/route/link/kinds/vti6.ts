import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { ipv6 } from '../../../schema/leaves.ts';
import { be32, u32 } from '../../../schema/numbers.ts';

/** IFLA_VTI_ of include/uapi/linux/if_tunnel.h over IPv6; `link` is the index of the link beneath. */
export const vti6Options = attributes({
  link: attribute('IFLA_VTI_LINK', 1, u32),
  ikey: attribute('IFLA_VTI_IKEY', 2, be32),
  okey: attribute('IFLA_VTI_OKEY', 3, be32),
  local: attribute('IFLA_VTI_LOCAL', 4, ipv6),
  remote: attribute('IFLA_VTI_REMOTE', 5, ipv6),
  fwmark: attribute('IFLA_VTI_FWMARK', 6, u32),
});

/** What `options` holds where `kind` is 'vti6'. */
export type Vti6Options = Infer<typeof vti6Options>;
