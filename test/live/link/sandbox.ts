import * as assert from 'uvu/assert';
import type { RouteClient } from '../../../src/open.ts';
import type { Link } from '../../../src/route/link/message.ts';
import type { LinkFilter } from '../../../src/route/link/operations.ts';
import { asIp, isFallback, ofIp } from '../../support/ip-link.ts';
import { json } from '../../support/witness.ts';

/** The links of this namespace, without those that tunnel modules put into each. */
export const listed = async (nl: RouteClient, filter?: LinkFilter): Promise<Link[]> =>
  (await nl.link.list(filter)).filter((link) => !isFallback(link));

/** Deletes what a test has made. With one end of a pair goes the other. */
export async function clear(nl: RouteClient): Promise<void> {
  for (const link of await listed(nl))
    if (link.kind !== undefined)
      await nl.link.delete(link).catch((error: { code?: string }) => assert.is(error.code, 'ENODEV'));
}

/** Timers run on between two looks. */
export const still = (said: object): object =>
  JSON.parse(JSON.stringify(said, (key, value) => (/_timer$|Timer$/.test(key) ? undefined : value)));

/** The same list, seen by both. The kernel tells of carriers in its own time: a difference has a moment to go away. */
export async function sameAsIp(nl: RouteClient): Promise<Link[]> {
  for (let left = 20; ; left--) {
    const ours = await listed(nl), shown = json('ip', 'link show').map(ofIp);
    const theirs = shown.filter((link) => !isFallback({ name: link['ifname'] as string }));
    try {
      assert.equal(ours.map((link) => link.name), theirs.map((link) => link['ifname']));
      ours.forEach((link, i) => assert.equal(still(asIp(link, ours, theirs[i])), still(theirs[i]!), link.name));
      return ours;
    } catch (error) {
      if (left === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
