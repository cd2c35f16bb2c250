import { attribute, attributes, type Infer, type Taken } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { binary } from '../../../schema/leaves.ts';
import { u32, u8 } from '../../../schema/numbers.ts';
import { tagged } from '../../../schema/tagged.ts';
import { bridgePort } from '../port/bridge.ts';
import { bridgeSpec } from './bridge.ts';
import { inetSpec } from './inet.ts';
import { inet6Spec } from './inet6.ts';

/** IFLA_MCTP_ of include/uapi/linux/if_link.h. */
const mctpSpec = attributes({
  net: attribute('IFLA_MCTP_NET', 1, u32),
  physBinding: attribute('IFLA_MCTP_PHYS_BINDING', 2, choice(u8, {
    unspec: ['MCTP_PHYS_BINDING_UNSPEC', 0],
    smbus: ['MCTP_PHYS_BINDING_SMBUS', 1],
    pcieVdm: ['MCTP_PHYS_BINDING_PCIE_VDM', 2],
    usb: ['MCTP_PHYS_BINDING_USB', 3],
    kcs: ['MCTP_PHYS_BINDING_KCS', 4],
    serial: ['MCTP_PHYS_BINDING_SERIAL', 5],
    i3c: ['MCTP_PHYS_BINDING_I3C', 6],
  }), { readOnly: true }),
});

/** What address families say of a link; the numbers are those of the families. */
export const familySpecs = attributes({
  inet: attribute('AF_INET', 2, inetSpec),
  inet6: attribute('AF_INET6', 10, inet6Spec),
  mctp: attribute('AF_MCTP', 45, mctpSpec),
});

export type FamilySpecs = Infer<typeof familySpecs>;

/** What they are told. Settings of IPv6 are only reported: `netns.sysctl.set` writes `net/ipv6/conf/DEV/...`. */
export type FamilySpecsInput = Omit<FamilySpecs, 'inet6'> & { inet6?: Taken<typeof inet6Spec.declarations> | undefined };

/** IFLA_AF_SPEC: a nest for each family; in messages of AF_BRIDGE the bridge's own without one around it. */
export const afSpec = tagged('family', { bridge: bridgeSpec }, familySpecs);

/** IFLA_PROTINFO: what messages of AF_BRIDGE and AF_INET6 say of a link. */
export const protinfo = tagged('family', { bridge: bridgePort, inet6: inet6Spec }, binary);
