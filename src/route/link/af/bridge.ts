import { multi } from '../../../schema/arrays.ts';
import { attribute, attributes } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flags } from '../../../schema/flags.ts';
import { binary } from '../../../schema/leaves.ts';
import { u16, u32 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { portState } from '../port/bridge.ts';

/** BRIDGE_VLAN_INFO_ of include/uapi/linux/if_bridge.h. */
export const bridgeVlanFlags = flags(u16, {
  master: ['BRIDGE_VLAN_INFO_MASTER', 0x1],
  pvid: ['BRIDGE_VLAN_INFO_PVID', 0x2],
  untagged: ['BRIDGE_VLAN_INFO_UNTAGGED', 0x4],
  rangeBegin: ['BRIDGE_VLAN_INFO_RANGE_BEGIN', 0x8],
  rangeEnd: ['BRIDGE_VLAN_INFO_RANGE_END', 0x10],
  brentry: ['BRIDGE_VLAN_INFO_BRENTRY', 0x20],
  onlyOpts: ['BRIDGE_VLAN_INFO_ONLY_OPTS', 0x40],
});

/** `struct bridge_vlan_info` of include/uapi/linux/if_bridge.h. */
export const bridgeVlanInfo = struct('bridge_vlan_info', 4, {
  flags: field('flags', 0, bridgeVlanFlags),
  vid: field('vid', 2, u16),
});

/** IFLA_BRIDGE_VLAN_TUNNEL_ of include/uapi/linux/if_bridge.h: which VLAN goes to which tunnel id. */
export const bridgeVlanTunnel = attributes({
  id: attribute('IFLA_BRIDGE_VLAN_TUNNEL_ID', 1, u32),
  vid: attribute('IFLA_BRIDGE_VLAN_TUNNEL_VID', 2, u16),
  flags: attribute('IFLA_BRIDGE_VLAN_TUNNEL_FLAGS', 3, bridgeVlanFlags),
});

/** IFLA_BRIDGE_MST_ENTRY_ of include/uapi/linux/if_bridge.h. */
const mstEntry = attributes({
  msti: attribute('IFLA_BRIDGE_MST_ENTRY_MSTI', 1, u16),
  state: attribute('IFLA_BRIDGE_MST_ENTRY_STATE', 2, portState),
});

/** IFLA_BRIDGE_ of include/uapi/linux/if_bridge.h: what IFLA_AF_SPEC holds in messages of AF_BRIDGE. */
export const bridgeSpec = attributes({
  flags: attribute('IFLA_BRIDGE_FLAGS', 0, flags(u16, {
    master: ['BRIDGE_FLAGS_MASTER', 0x1],
    self: ['BRIDGE_FLAGS_SELF', 0x2],
  })),
  mode: attribute('IFLA_BRIDGE_MODE', 1, choice(u16, {
    veb: ['BRIDGE_MODE_VEB', 0],
    vepa: ['BRIDGE_MODE_VEPA', 1],
    undef: ['BRIDGE_MODE_UNDEF', 0xffff],
  })),
  vlans: attribute('IFLA_BRIDGE_VLAN_INFO', 2, multi(bridgeVlanInfo)),
  vlanTunnels: attribute('IFLA_BRIDGE_VLAN_TUNNEL_INFO', 3, multi(bridgeVlanTunnel)),
  mrp: attribute('IFLA_BRIDGE_MRP', 4, binary),
  cfm: attribute('IFLA_BRIDGE_CFM', 5, binary),
  mst: attribute('IFLA_BRIDGE_MST', 6, attributes({
    entries: attribute('IFLA_BRIDGE_MST_ENTRY', 1, multi(mstEntry)),
  })),
});
