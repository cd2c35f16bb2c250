import { leaveBridge, portsOf } from './bridge.ts';
import { wentAway } from './connected.ts';
import { linkGroup, reportLink } from './link-report.ts';
import { announce, type FakeLink } from './state.ts';

const RTM_DELLINK = 17;

/** Takes a link out of its namespace, with its addresses, routes and neighbours. */
export function leaveSpace(link: FakeLink): void {
  leaveBridge(link);
  wentAway(link);
  announce(link.space, linkGroup, RTM_DELLINK, reportLink(link));
  link.space.links.delete(link.index);
}

/** Deletes a link; with one end of a pair goes the other, and a bridge lets go of its ports. */
export function removeLink(link: FakeLink): void {
  for (const port of portsOf(link)) leaveBridge(port);
  for (const one of [link, link.peer?.link]) if (one) leaveSpace(one);
}
