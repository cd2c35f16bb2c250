/** Holds sockets, a namespace, a device and a pending call until it is killed. */
import * as netns from '../../../../src/netns/index.ts';
import { openRoute } from '../../../../src/open.ts';

const ns = netns.make(), nl = openRoute({ netns: ns });
const connections = Array.from({ length: 50 }, () => openRoute({ netns: ns }));
await nl.link.add({ name: 'held0', kind: 'veth', up: true, options: { peer: { name: 'held1' } } });
await openRoute().link.add({ name: 'bond-to-the-dead'.slice(0, 15), kind: 'veth', options: { peer: { name: 'away', netns: ns } } });
void nl.events(['link']).next();
for (const one of connections) void one.link.list();
process.stdout.write('ready\n');
