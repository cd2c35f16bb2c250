import { attribute, attributes, padding, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flag } from '../../../schema/leaves.ts';
import { bool8, clockTicks64, u16, u32, u8 } from '../../../schema/numbers.ts';
import { bridgeId } from '../bridge-id.ts';
import { multicastRouter } from '../kinds/bridge.ts';

/** BR_STATE_ of include/uapi/linux/if_bridge.h */
export const portState = choice(u8, {
  disabled: ['BR_STATE_DISABLED', 0],
  listening: ['BR_STATE_LISTENING', 1],
  learning: ['BR_STATE_LEARNING', 2],
  forwarding: ['BR_STATE_FORWARDING', 3],
  blocking: ['BR_STATE_BLOCKING', 4],
});

const readOnly = true;

/**
 * IFLA_BRPORT_ of include/uapi/linux/if_link.h: a link as a port of a bridge, as `bridge link set dev DEV ...` sets
 * it. Timers are seconds. The kernel takes `state` only while the link is up and STP is not the kernel's.
 */
export const bridgePort = attributes({
  state: attribute('IFLA_BRPORT_STATE', 1, portState),
  priority: attribute('IFLA_BRPORT_PRIORITY', 2, u16),
  cost: attribute('IFLA_BRPORT_COST', 3, u32),
  hairpin: attribute('IFLA_BRPORT_MODE', 4, bool8),
  guard: attribute('IFLA_BRPORT_GUARD', 5, bool8),
  rootBlock: attribute('IFLA_BRPORT_PROTECT', 6, bool8),
  fastLeave: attribute('IFLA_BRPORT_FAST_LEAVE', 7, bool8),
  learning: attribute('IFLA_BRPORT_LEARNING', 8, bool8),
  flood: attribute('IFLA_BRPORT_UNICAST_FLOOD', 9, bool8),
  proxyArp: attribute('IFLA_BRPORT_PROXYARP', 10, bool8),
  learningSync: attribute('IFLA_BRPORT_LEARNING_SYNC', 11, bool8),
  proxyArpWifi: attribute('IFLA_BRPORT_PROXYARP_WIFI', 12, bool8),
  rootId: attribute('IFLA_BRPORT_ROOT_ID', 13, bridgeId, { readOnly }),
  bridgeId: attribute('IFLA_BRPORT_BRIDGE_ID', 14, bridgeId, { readOnly }),
  designatedPort: attribute('IFLA_BRPORT_DESIGNATED_PORT', 15, u16, { readOnly }),
  designatedCost: attribute('IFLA_BRPORT_DESIGNATED_COST', 16, u16, { readOnly }),
  id: attribute('IFLA_BRPORT_ID', 17, u16, { readOnly }),
  no: attribute('IFLA_BRPORT_NO', 18, u16, { readOnly }),
  topologyChangeAck: attribute('IFLA_BRPORT_TOPOLOGY_CHANGE_ACK', 19, bool8, { readOnly }),
  configPending: attribute('IFLA_BRPORT_CONFIG_PENDING', 20, bool8, { readOnly }),
  messageAgeTimer: attribute('IFLA_BRPORT_MESSAGE_AGE_TIMER', 21, clockTicks64, { readOnly }),
  forwardDelayTimer: attribute('IFLA_BRPORT_FORWARD_DELAY_TIMER', 22, clockTicks64, { readOnly }),
  holdTimer: attribute('IFLA_BRPORT_HOLD_TIMER', 23, clockTicks64, { readOnly }),
  /** True forgets what was learned on this port. */
  flush: attribute('IFLA_BRPORT_FLUSH', 24, flag),
  mcastRouter: attribute('IFLA_BRPORT_MULTICAST_ROUTER', 25, multicastRouter),
  mcastFlood: attribute('IFLA_BRPORT_MCAST_FLOOD', 27, bool8),
  mcastToUnicast: attribute('IFLA_BRPORT_MCAST_TO_UCAST', 28, bool8),
  vlanTunnel: attribute('IFLA_BRPORT_VLAN_TUNNEL', 29, bool8),
  bcastFlood: attribute('IFLA_BRPORT_BCAST_FLOOD', 30, bool8),
  groupFwdMask: attribute('IFLA_BRPORT_GROUP_FWD_MASK', 31, u16),
  neighSuppress: attribute('IFLA_BRPORT_NEIGH_SUPPRESS', 32, bool8),
  isolated: attribute('IFLA_BRPORT_ISOLATED', 33, bool8),
  /** The port that takes over when this one loses its carrier; 0 for none. */
  backupPort: attribute('IFLA_BRPORT_BACKUP_PORT', 34, u32),
  mrpRingOpen: attribute('IFLA_BRPORT_MRP_RING_OPEN', 35, bool8, { readOnly }),
  mrpInOpen: attribute('IFLA_BRPORT_MRP_IN_OPEN', 36, bool8, { readOnly }),
  mcastEhtHostsLimit: attribute('IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT', 37, u32),
  mcastEhtHostsCnt: attribute('IFLA_BRPORT_MCAST_EHT_HOSTS_CNT', 38, u32, { readOnly }),
  locked: attribute('IFLA_BRPORT_LOCKED', 39, bool8),
  mab: attribute('IFLA_BRPORT_MAB', 40, bool8),
  mcastNGroups: attribute('IFLA_BRPORT_MCAST_N_GROUPS', 41, u32, { readOnly }),
  mcastMaxGroups: attribute('IFLA_BRPORT_MCAST_MAX_GROUPS', 42, u32),
  neighVlanSuppress: attribute('IFLA_BRPORT_NEIGH_VLAN_SUPPRESS', 43, bool8),
  backupNhid: attribute('IFLA_BRPORT_BACKUP_NHID', 44, u32),
  neighForwardGrat: attribute('IFLA_BRPORT_NEIGH_FORWARD_GRAT', 45, bool8),
}, padding('IFLA_BRPORT_PAD', 26));

/** What `port` holds where `portKind` is 'bridge'. */
export type BridgePort = Infer<typeof bridgePort>;
