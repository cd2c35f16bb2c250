import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { bool8, u32, u8 } from '../../../schema/numbers.ts';

const readOnly = true;

/**
 * IFLA_TUN_ of include/uapi/linux/if_link.h, for tun and tap alike: their kind is 'tun'. The kernel only reports
 * them; tun and tap devices are made through /dev/net/tun.
 */
export const tunOptions = attributes({
  owner: attribute('IFLA_TUN_OWNER', 1, u32, { readOnly }),
  group: attribute('IFLA_TUN_GROUP', 2, u32, { readOnly }),
  type: attribute('IFLA_TUN_TYPE', 3, choice(u8, {
    tun: ['IFF_TUN', 1],
    tap: ['IFF_TAP', 2],
  }), { readOnly }),
  pi: attribute('IFLA_TUN_PI', 4, bool8, { readOnly }),
  vnetHdr: attribute('IFLA_TUN_VNET_HDR', 5, bool8, { readOnly }),
  persist: attribute('IFLA_TUN_PERSIST', 6, bool8, { readOnly }),
  multiQueue: attribute('IFLA_TUN_MULTI_QUEUE', 7, bool8, { readOnly }),
  numQueues: attribute('IFLA_TUN_NUM_QUEUES', 8, u32, { readOnly }),
  numDisabledQueues: attribute('IFLA_TUN_NUM_DISABLED_QUEUES', 9, u32, { readOnly }),
});

/** What `options` holds where `kind` is 'tun'. */
export type TunOptions = Infer<typeof tunOptions>;
