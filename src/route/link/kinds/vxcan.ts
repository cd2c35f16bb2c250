import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { embedded } from '../../../schema/embedded.ts';
import { peerLink, type PeerLink } from '../peer.ts';

/** VXCAN_INFO_ of include/uapi/linux/can/vxcan.h. The kernel takes the peer and never reports it. */
export const vxcanOptions = attributes({
  peer: attribute('VXCAN_INFO_PEER', 1, embedded<PeerLink>(peerLink)),
});

/** What `options` holds where `kind` is 'vxcan'. */
export type VxcanOptions = Infer<typeof vxcanOptions>;
