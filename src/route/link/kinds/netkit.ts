import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { embedded } from '../../../schema/embedded.ts';
import { bool8, u16, u32 } from '../../../schema/numbers.ts';
import { peerLink, type PeerLink } from '../peer.ts';

/** What happens to packets while no program is attached. */
const policy = choice(u32, {
  forward: ['NETKIT_PASS', 0],
  blackhole: ['NETKIT_DROP', 2],
});

/** Whether mark and priority of a packet are cleared on its way. */
const scrub = choice(u32, {
  none: ['NETKIT_SCRUB_NONE', 0],
  default: ['NETKIT_SCRUB_DEFAULT', 1],
});

/** IFLA_NETKIT_ of include/uapi/linux/if_link.h; `peer` is the other end, a whole link as that of a veth. */
export const netkitOptions = attributes({
  peer: attribute('IFLA_NETKIT_PEER_INFO', 1, embedded<PeerLink>(peerLink)),
  primary: attribute('IFLA_NETKIT_PRIMARY', 2, bool8, { readOnly: true }),
  policy: attribute('IFLA_NETKIT_POLICY', 3, policy),
  peerPolicy: attribute('IFLA_NETKIT_PEER_POLICY', 4, policy),
  mode: attribute('IFLA_NETKIT_MODE', 5, choice(u32, {
    l2: ['NETKIT_L2', 0],
    l3: ['NETKIT_L3', 1],
  })),
  scrub: attribute('IFLA_NETKIT_SCRUB', 6, scrub),
  peerScrub: attribute('IFLA_NETKIT_PEER_SCRUB', 7, scrub),
  headroom: attribute('IFLA_NETKIT_HEADROOM', 8, u16),
  tailroom: attribute('IFLA_NETKIT_TAILROOM', 9, u16),
  pairing: attribute('IFLA_NETKIT_PAIRING', 10, choice(u32, {
    pair: ['NETKIT_DEVICE_PAIR', 0],
    single: ['NETKIT_DEVICE_SINGLE', 1],
  })),
});

/** What `options` holds where `kind` is 'netkit'. */
export type NetkitOptions = Infer<typeof netkitOptions>;
