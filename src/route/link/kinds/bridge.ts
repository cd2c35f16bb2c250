import { attribute, attributes, padding, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flag, ipv4, ipv6, mac6 } from '../../../schema/leaves.ts';
import { masked } from '../../../schema/masked.ts';
import { bool8, clockTicks, clockTicks64, u16, u32, u8 } from '../../../schema/numbers.ts';
import { bridgeId } from '../bridge-id.ts';
import { vlanProtocol } from '../vlan-protocol.ts';

/** Whether a bridge or port takes part in multicast routing: MDB_RTR_TYPE_ of include/uapi/linux/if_bridge.h. */
export const multicastRouter = choice(u8, {
  disabled: ['MDB_RTR_TYPE_DISABLED', 0],
  tempQuery: ['MDB_RTR_TYPE_TEMP_QUERY', 1],
  perm: ['MDB_RTR_TYPE_PERM', 2],
  temp: ['MDB_RTR_TYPE_TEMP', 3],
});

/** BR_BOOLOPT_ of include/uapi/linux/if_bridge.h */
const boolopt = masked({
  noLinklocalLearn: ['BR_BOOLOPT_NO_LL_LEARN', 0x1],
  mcastVlanSnooping: ['BR_BOOLOPT_MCAST_VLAN_SNOOPING', 0x2],
  mstEnabled: ['BR_BOOLOPT_MST_ENABLE', 0x4],
  mdbOffloadFailNotification: ['BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION', 0x8],
  fdbLocalVlan0: ['BR_BOOLOPT_FDB_LOCAL_VLAN_0', 0x10],
});

const stpMode = choice(u32, {
  auto: ['BR_STP_MODE_AUTO', 0],
  user: ['BR_STP_MODE_USER', 1],
  kernel: ['BR_STP_MODE_KERNEL', 2],
});

/** Who asks for multicast memberships on the link: BRIDGE_QUERIER_ of include/uapi/linux/if_bridge.h. Seconds. */
const querierState = attributes({
  ipAddress: attribute('BRIDGE_QUERIER_IP_ADDRESS', 1, ipv4),
  ipPort: attribute('BRIDGE_QUERIER_IP_PORT', 2, u32),
  ipOtherTimer: attribute('BRIDGE_QUERIER_IP_OTHER_TIMER', 3, clockTicks64),
  ipv6Address: attribute('BRIDGE_QUERIER_IPV6_ADDRESS', 5, ipv6),
  ipv6Port: attribute('BRIDGE_QUERIER_IPV6_PORT', 6, u32),
  ipv6OtherTimer: attribute('BRIDGE_QUERIER_IPV6_OTHER_TIMER', 7, clockTicks64),
}, padding('BRIDGE_QUERIER_PAD', 4));

const readOnly = true;

/**
 * IFLA_BR_ of include/uapi/linux/if_link.h. All times and timers are seconds, where `ip` has hundredths of them.
 * `stpState`: 0 is off, 1 the kernel's, 2 a program's. `fdbFlush: true` forgets what the bridge has learned.
 */
export const bridgeOptions = attributes({
  forwardDelay: attribute('IFLA_BR_FORWARD_DELAY', 1, clockTicks),
  helloTime: attribute('IFLA_BR_HELLO_TIME', 2, clockTicks),
  maxAge: attribute('IFLA_BR_MAX_AGE', 3, clockTicks),
  ageingTime: attribute('IFLA_BR_AGEING_TIME', 4, clockTicks),
  stpState: attribute('IFLA_BR_STP_STATE', 5, u32),
  priority: attribute('IFLA_BR_PRIORITY', 6, u16),
  vlanFiltering: attribute('IFLA_BR_VLAN_FILTERING', 7, bool8),
  vlanProtocol: attribute('IFLA_BR_VLAN_PROTOCOL', 8, vlanProtocol),
  groupFwdMask: attribute('IFLA_BR_GROUP_FWD_MASK', 9, u16),
  rootId: attribute('IFLA_BR_ROOT_ID', 10, bridgeId, { readOnly }),
  bridgeId: attribute('IFLA_BR_BRIDGE_ID', 11, bridgeId, { readOnly }),
  rootPort: attribute('IFLA_BR_ROOT_PORT', 12, u16, { readOnly }),
  rootPathCost: attribute('IFLA_BR_ROOT_PATH_COST', 13, u32, { readOnly }),
  topologyChange: attribute('IFLA_BR_TOPOLOGY_CHANGE', 14, bool8, { readOnly }),
  topologyChangeDetected: attribute('IFLA_BR_TOPOLOGY_CHANGE_DETECTED', 15, bool8, { readOnly }),
  helloTimer: attribute('IFLA_BR_HELLO_TIMER', 16, clockTicks64, { readOnly }),
  tcnTimer: attribute('IFLA_BR_TCN_TIMER', 17, clockTicks64, { readOnly }),
  topologyChangeTimer: attribute('IFLA_BR_TOPOLOGY_CHANGE_TIMER', 18, clockTicks64, { readOnly }),
  gcTimer: attribute('IFLA_BR_GC_TIMER', 19, clockTicks64, { readOnly }),
  groupAddr: attribute('IFLA_BR_GROUP_ADDR', 20, mac6),
  fdbFlush: attribute('IFLA_BR_FDB_FLUSH', 21, flag),
  mcastRouter: attribute('IFLA_BR_MCAST_ROUTER', 22, multicastRouter),
  mcastSnooping: attribute('IFLA_BR_MCAST_SNOOPING', 23, bool8),
  mcastQueryUseIfaddr: attribute('IFLA_BR_MCAST_QUERY_USE_IFADDR', 24, bool8),
  mcastQuerier: attribute('IFLA_BR_MCAST_QUERIER', 25, bool8),
  mcastHashElasticity: attribute('IFLA_BR_MCAST_HASH_ELASTICITY', 26, u32),
  mcastHashMax: attribute('IFLA_BR_MCAST_HASH_MAX', 27, u32),
  mcastLastMemberCnt: attribute('IFLA_BR_MCAST_LAST_MEMBER_CNT', 28, u32),
  mcastStartupQueryCnt: attribute('IFLA_BR_MCAST_STARTUP_QUERY_CNT', 29, u32),
  mcastLastMemberIntvl: attribute('IFLA_BR_MCAST_LAST_MEMBER_INTVL', 30, clockTicks64),
  mcastMembershipIntvl: attribute('IFLA_BR_MCAST_MEMBERSHIP_INTVL', 31, clockTicks64),
  mcastQuerierIntvl: attribute('IFLA_BR_MCAST_QUERIER_INTVL', 32, clockTicks64),
  mcastQueryIntvl: attribute('IFLA_BR_MCAST_QUERY_INTVL', 33, clockTicks64),
  mcastQueryResponseIntvl: attribute('IFLA_BR_MCAST_QUERY_RESPONSE_INTVL', 34, clockTicks64),
  mcastStartupQueryIntvl: attribute('IFLA_BR_MCAST_STARTUP_QUERY_INTVL', 35, clockTicks64),
  nfCallIptables: attribute('IFLA_BR_NF_CALL_IPTABLES', 36, bool8),
  nfCallIp6tables: attribute('IFLA_BR_NF_CALL_IP6TABLES', 37, bool8),
  nfCallArptables: attribute('IFLA_BR_NF_CALL_ARPTABLES', 38, bool8),
  vlanDefaultPvid: attribute('IFLA_BR_VLAN_DEFAULT_PVID', 39, u16),
  vlanStatsEnabled: attribute('IFLA_BR_VLAN_STATS_ENABLED', 41, bool8),
  mcastStatsEnabled: attribute('IFLA_BR_MCAST_STATS_ENABLED', 42, bool8),
  mcastIgmpVersion: attribute('IFLA_BR_MCAST_IGMP_VERSION', 43, u8),
  mcastMldVersion: attribute('IFLA_BR_MCAST_MLD_VERSION', 44, u8),
  vlanStatsPerPort: attribute('IFLA_BR_VLAN_STATS_PER_PORT', 45, bool8),
  multiBoolopt: attribute('IFLA_BR_MULTI_BOOLOPT', 46, boolopt),
  mcastQuerierState: attribute('IFLA_BR_MCAST_QUERIER_STATE', 47, querierState, { readOnly }),
  fdbNLearned: attribute('IFLA_BR_FDB_N_LEARNED', 48, u32, { readOnly }),
  fdbMaxLearned: attribute('IFLA_BR_FDB_MAX_LEARNED', 49, u32),
  stpMode: attribute('IFLA_BR_STP_MODE', 50, stpMode),
}, padding('IFLA_BR_PAD', 40));

/** What `options` holds where `kind` is 'bridge'. */
export type BridgeOptions = Infer<typeof bridgeOptions>;
