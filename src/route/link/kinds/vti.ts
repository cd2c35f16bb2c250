import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { ipv4 } from '../../../schema/leaves.ts';
import { be32, u32 } from '../../../schema/numbers.ts';

/** IFLA_VTI_ of include/uapi/linux/if_tunnel.h over IPv4; `link` is the index of the link beneath. */
export const vtiOptions = attributes({
  link: attribute('IFLA_VTI_LINK', 1, u32),
  ikey: attribute('IFLA_VTI_IKEY', 2, be32),
  okey: attribute('IFLA_VTI_OKEY', 3, be32),
  local: attribute('IFLA_VTI_LOCAL', 4, ipv4),
  remote: attribute('IFLA_VTI_REMOTE', 5, ipv4),
  fwmark: attribute('IFLA_VTI_FWMARK', 6, u32),
});

/** What `options` holds where `kind` is 'vti'. */
export type VtiOptions = Infer<typeof vtiOptions>;
