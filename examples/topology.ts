/**
 * Draws the network namespaces of this machine and the veth pairs between them, from what the kernel says. Nothing is
 * changed. Root sees them all, a plain user those that are his own.
 *
 *     sudo npx tsx examples/topology.ts [FILE.svg]
 */
import { writeFileSync } from 'node:fs';
import { netns, openRoute } from 'netlink-ts';
import { readTopology, type Place } from './topology/read.ts';
import { drawSvg } from './topology/svg.ts';
import { drawText } from './topology/text.ts';

const [file] = process.argv.slice(2);
const places = netns.list().flatMap(openPlace);
const topology = await readTopology(places);
for (const { nl, ns } of places) {
  nl.close();
  ns.close();
}
console.log(drawText(topology));
if (file !== undefined) writeFileSync(file, drawSvg(topology));

/** Nothing for a namespace that we may not enter, or whose last process has just ended. */
function openPlace({ name, pids, current }: netns.ListedNamespace): Place[] {
  const [pid] = pids;
  const title = [name ?? '', current ? 'this namespace' : '', name === undefined && !current ? `process ${pid}` : ''].filter(Boolean).join(', ');
  try {
    const ns = current ? netns.current() : netns.open(name ?? { pid: pid! });
    return [{ title, ns, nl: openRoute({ netns: ns }) }];
  } catch (error) {
    console.error(`${title} is left out: ${(error as Error).message}`);
    return [];
  }
}
