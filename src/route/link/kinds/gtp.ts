import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { ipv4, ipv6 } from '../../../schema/leaves.ts';
import { bool8, u32, u8 } from '../../../schema/numbers.ts';

/** IFLA_GTP_ of include/uapi/linux/if_link.h; `fd0` and `fd1` are UDP sockets for GTPv0 and GTPv1. */
export const gtpOptions = attributes({
  fd0: attribute('IFLA_GTP_FD0', 1, u32),
  fd1: attribute('IFLA_GTP_FD1', 2, u32),
  pdpHashsize: attribute('IFLA_GTP_PDP_HASHSIZE', 3, u32),
  role: attribute('IFLA_GTP_ROLE', 4, choice(u32, {
    ggsn: ['GTP_ROLE_GGSN', 0],
    sgsn: ['GTP_ROLE_SGSN', 1],
  })),
  createSockets: attribute('IFLA_GTP_CREATE_SOCKETS', 5, bool8),
  restartCount: attribute('IFLA_GTP_RESTART_COUNT', 6, u8),
  local: attribute('IFLA_GTP_LOCAL', 7, ipv4),
  local6: attribute('IFLA_GTP_LOCAL6', 8, ipv6),
});

/** What `options` holds where `kind` is 'gtp'. */
export type GtpOptions = Infer<typeof gtpOptions>;
