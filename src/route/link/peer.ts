import { message, type Encodable } from '../../schema/message.ts';
import type { NamespaceRef } from '../namespace.ts';
import { commonAttributes } from './common.ts';
import { ifinfomsg } from './header.ts';

/** The other end of a pair as it lies on the wire. */
export const peerLink = message('link', ifinfomsg, commonAttributes);

/** The other end of a pair: a whole link, made together with the first. */
export interface PeerLink extends Omit<Encodable<typeof peerLink>, 'altname' | 'netnsPid' | 'netnsFd'> {
  /** The namespace it is made in. */
  netns?: NamespaceRef | undefined;
  /** Brought up as soon as the pair is there; one in another namespace is to be brought up from inside. */
  up?: boolean | undefined;
}
