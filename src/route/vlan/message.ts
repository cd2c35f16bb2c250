import { multi } from '../../schema/arrays.ts';
import { attribute, attributes, padding, type Infer } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { binary } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { bool8, clockTicks64, u16, u32, u64, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { bridgeVlanInfo } from '../link/af/bridge.ts';
import { portState } from '../link/port/bridge.ts';

/** `struct br_vlan_msg` of include/uapi/linux/if_bridge.h */
const brVlanMsg = struct('br_vlan_msg', 8, { family: field('family', 0, family), index: field('ifindex', 4, u32) });

/** BRIDGE_VLANDB_ENTRY_: a VLAN, or with `range` several that are alike, on one link. */
const entry = attributes({
  info: attribute('BRIDGE_VLANDB_ENTRY_INFO', 1, bridgeVlanInfo),
  /** The last of several. */
  range: attribute('BRIDGE_VLANDB_ENTRY_RANGE', 2, u16),
  state: attribute('BRIDGE_VLANDB_ENTRY_STATE', 3, portState),
  tunnel: attribute('BRIDGE_VLANDB_ENTRY_TUNNEL_INFO', 4, attributes({
    id: attribute('BRIDGE_VLANDB_TINFO_ID', 1, u32),
    cmd: attribute('BRIDGE_VLANDB_TINFO_CMD', 2, u32),
  })),
  stats: attribute('BRIDGE_VLANDB_ENTRY_STATS', 5, attributes({
    rxBytes: attribute('BRIDGE_VLANDB_STATS_RX_BYTES', 1, u64),
    rxPackets: attribute('BRIDGE_VLANDB_STATS_RX_PACKETS', 2, u64),
    txBytes: attribute('BRIDGE_VLANDB_STATS_TX_BYTES', 3, u64),
    txPackets: attribute('BRIDGE_VLANDB_STATS_TX_PACKETS', 4, u64),
  }, padding('BRIDGE_VLANDB_STATS_PAD', 5)), { readOnly: true }),
  mcastRouter: attribute('BRIDGE_VLANDB_ENTRY_MCAST_ROUTER', 6, u8),
  mcastNGroups: attribute('BRIDGE_VLANDB_ENTRY_MCAST_N_GROUPS', 7, u32, { readOnly: true }),
  mcastMaxGroups: attribute('BRIDGE_VLANDB_ENTRY_MCAST_MAX_GROUPS', 8, u32),
  neighSuppress: attribute('BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS', 9, bool8),
});

/** BRIDGE_VLANDB_GOPTS_: options of a VLAN on the whole bridge; times are seconds. */
const globalOptions = attributes({
  vid: attribute('BRIDGE_VLANDB_GOPTS_ID', 1, u16),
  range: attribute('BRIDGE_VLANDB_GOPTS_RANGE', 2, u16),
  mcastSnooping: attribute('BRIDGE_VLANDB_GOPTS_MCAST_SNOOPING', 3, bool8),
  mcastIgmpVersion: attribute('BRIDGE_VLANDB_GOPTS_MCAST_IGMP_VERSION', 4, u8),
  mcastMldVersion: attribute('BRIDGE_VLANDB_GOPTS_MCAST_MLD_VERSION', 5, u8),
  mcastLastMemberCount: attribute('BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_CNT', 6, u32),
  mcastStartupQueryCount: attribute('BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_CNT', 7, u32),
  mcastLastMemberInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_INTVL', 8, clockTicks64),
  mcastMembershipInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_MEMBERSHIP_INTVL', 10, clockTicks64),
  mcastQuerierInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_INTVL', 11, clockTicks64),
  mcastQueryInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_QUERY_INTVL', 12, clockTicks64),
  mcastQueryResponseInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_QUERY_RESPONSE_INTVL', 13, clockTicks64),
  mcastStartupQueryInterval: attribute('BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_INTVL', 14, clockTicks64),
  mcastQuerier: attribute('BRIDGE_VLANDB_GOPTS_MCAST_QUERIER', 15, bool8),
  mcastRouterPorts: attribute('BRIDGE_VLANDB_GOPTS_MCAST_ROUTER_PORTS', 16, binary, { readOnly: true }),
  mcastQuerierState: attribute('BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_STATE', 17, binary, { readOnly: true }),
  msti: attribute('BRIDGE_VLANDB_GOPTS_MSTI', 18, u16),
}, padding('BRIDGE_VLANDB_GOPTS_PAD', 9));

/** What RTM_NEWVLAN and RTM_DELVLAN carry: BRIDGE_VLANDB_ of include/uapi/linux/if_bridge.h. */
export const vlanMessage = message('vlan', brVlanMsg, attributes({
  entries: attribute('BRIDGE_VLANDB_ENTRY', 1, multi(entry)),
  globals: attribute('BRIDGE_VLANDB_GLOBAL_OPTIONS', 2, multi(globalOptions)),
}));

/** RTM_GETVLAN, whose attributes have numbers of their own. */
export const vlanQuery = message('vlan', brVlanMsg, attributes({
  flags: attribute('BRIDGE_VLANDB_DUMP_FLAGS', 1, flags(u32, {
    stats: ['BRIDGE_VLANDB_DUMPF_STATS', 0x1],
    global: ['BRIDGE_VLANDB_DUMPF_GLOBAL', 0x2],
  })),
}));

/** VLANs of one link, as they are announced. */
export type Vlans = Decoded<typeof vlanMessage>;

/** A VLAN, or several that are alike, on one link. */
export type Vlan = Omit<Infer<typeof entry>, 'info' | 'range'> & {
  index: number;
  vid: number;
  /** The last of several. */
  vidEnd?: number | undefined;
  pvid?: boolean | undefined;
  untagged?: boolean | undefined;
};

/** Options of a VLAN, or of several, on a whole bridge. */
export type VlanGlobals = Infer<typeof globalOptions> & { index: number };


/** The messages of this family, by type. */
export const vlanMessages = {
  112: { cName: 'RTM_NEWVLAN', message: vlanMessage },
  113: { cName: 'RTM_DELVLAN', message: vlanMessage },
  114: { cName: 'RTM_GETVLAN', message: vlanQuery },
};
