import * as assert from 'uvu/assert';
import type { RouteClient } from '../../src/open.ts';
import { parts, type PartName } from '../../src/watch/parts.ts';
import type { Part } from '../../src/watch/parts.ts';
import { replace } from '../../src/watch/table.ts';

const lists: { readonly [P in PartName]: (nl: RouteClient) => unknown[] } = {
  links: (nl) => nl.sync.link.list({ stats: false }), addrs: (nl) => nl.sync.addr.list(), routes: (nl) => nl.sync.route.list(),
  neighs: (nl) => nl.sync.neigh.list(), fdb: (nl) => nl.sync.fdb.list(), rules: (nl) => nl.sync.rule.list(),
  nexthops: (nl) => nl.sync.nexthop.list(), nsids: (nl) => nl.sync.nsid.list(),
};

/** Where a mirror differs from a fresh dump, in words. */
export function differences(nl: RouteClient, mirror: object): string[] {
  const found: string[] = [];
  for (const [name, entries] of Object.entries(mirror)) {
    if (!Object.hasOwn(lists, name)) continue;
    const part = parts[name as PartName] as Part<unknown>, table = part.table();
    for (const item of lists[name as PartName](nl)) {
      const announced = part.announced(item);
      if (announced !== undefined) table.load(announced);
    }
    replace(new Map(entries as Map<number | string, unknown>), table.entries, (key, before, after) => {
      const text = (value: unknown) => JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}` : inner));
      found.push(`${name} ${key}: the mirror has ${text(before)}, the kernel ${text(after)}`);
    });
  }
  return found;
}

/** The mirror shows what the kernel has; what the kernel does in its own time has a moment to be done. */
export async function same(nl: RouteClient, mirror: { settled(): Promise<void> }, about: string): Promise<void> {
  for (let left = 200; ; left--) {
    await mirror.settled();
    const found = differences(nl, mirror);
    if (found.length === 0) return;
    if (left === 0) assert.equal(found.slice(0, 5), [], `${about}: ${found.length} differences`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
