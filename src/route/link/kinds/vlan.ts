import { list } from '../../../schema/arrays.ts';
import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { limited } from '../../../schema/limited.ts';
import { masked } from '../../../schema/masked.ts';
import { u16, u32 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { vlanProtocol } from '../vlan-protocol.ts';

const qosMapping = struct('ifla_vlan_qos_mapping', 8, {
  from: field('from', 0, u32),
  to: field('to', 4, u32),
});

/** VLAN_FLAG_ of include/uapi/linux/if_vlan.h */
export const vlanFlags = masked({
  reorderHdr: ['VLAN_FLAG_REORDER_HDR', 0x1],
  gvrp: ['VLAN_FLAG_GVRP', 0x2],
  looseBinding: ['VLAN_FLAG_LOOSE_BINDING', 0x4],
  mvrp: ['VLAN_FLAG_MVRP', 0x8],
  bridgeBinding: ['VLAN_FLAG_BRIDGE_BINDING', 0x10],
});

/** IFLA_VLAN_ of include/uapi/linux/if_link.h. The link it is a VLAN of stands in the link's own `link`. */
export const vlanOptions = attributes({
  id: attribute('IFLA_VLAN_ID', 1, limited(u16, 0, 4094)),
  flags: attribute('IFLA_VLAN_FLAGS', 2, vlanFlags),
  egressQos: attribute('IFLA_VLAN_EGRESS_QOS', 3, list('IFLA_VLAN_QOS_MAPPING', qosMapping, 1)),
  ingressQos: attribute('IFLA_VLAN_INGRESS_QOS', 4, list('IFLA_VLAN_QOS_MAPPING', qosMapping, 1)),
  protocol: attribute('IFLA_VLAN_PROTOCOL', 5, vlanProtocol),
});

/** What `options` holds where `kind` is 'vlan'. */
export type VlanOptions = Infer<typeof vlanOptions>;
