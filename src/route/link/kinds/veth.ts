import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { embedded } from '../../../schema/embedded.ts';
import { peerLink, type PeerLink } from '../peer.ts';

/** VETH_INFO_ of include/uapi/linux/veth.h. The kernel takes the peer and never reports it. */
export const vethOptions = attributes({
  peer: attribute('VETH_INFO_PEER', 1, embedded<PeerLink>(peerLink)),
});

/** What `options` holds where `kind` is 'veth'. */
export type VethOptions = Infer<typeof vethOptions>;
