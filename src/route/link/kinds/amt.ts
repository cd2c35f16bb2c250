import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { ipv4 } from '../../../schema/leaves.ts';
import { be16, u32 } from '../../../schema/numbers.ts';

/** IFLA_AMT_ of include/uapi/linux/amt.h: multicast through a tunnel; `link` is the index of the link beneath. */
export const amtOptions = attributes({
  mode: attribute('IFLA_AMT_MODE', 1, choice(u32, {
    gateway: ['AMT_MODE_GATEWAY', 0],
    relay: ['AMT_MODE_RELAY', 1],
  })),
  relayPort: attribute('IFLA_AMT_RELAY_PORT', 2, be16),
  gatewayPort: attribute('IFLA_AMT_GATEWAY_PORT', 3, be16),
  link: attribute('IFLA_AMT_LINK', 4, u32),
  localIp: attribute('IFLA_AMT_LOCAL_IP', 5, ipv4),
  remoteIp: attribute('IFLA_AMT_REMOTE_IP', 6, ipv4, { readOnly: true }),
  discoveryIp: attribute('IFLA_AMT_DISCOVERY_IP', 7, ipv4),
  maxTunnels: attribute('IFLA_AMT_MAX_TUNNELS', 8, u32),
});

/** What `options` holds where `kind` is 'amt'. */
export type AmtOptions = Infer<typeof amtOptions>;
