/** Works while another process sends it signals without a pause; tells how many came and what was done. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import * as netns from '../../../../src/netns/index.ts';
import { openRoute } from '../../../../src/open.ts';

let signals = 0, rounds = 0, events = 0;
process.on('SIGUSR2', () => void signals++);
const storm = spawn('sh', ['-c', 'while kill -USR2 "$1"; do :; done', 'sh', String(process.pid)], { stdio: 'ignore' });
const nl = openRoute();
const late = setTimeout(() => { // seen once in some three hundred runs: where was it?
  process.stderr.write(`after two minutes: ${JSON.stringify({ signals, rounds, events, storm: storm.exitCode ?? storm.signalCode, counters: nl.counters })}\n`);
  process.exit(1);
}, 120_000);
using mirror = await nl.watch({ links: true, addrs: true });
const listening = (async () => { for await (const _event of nl.events(['link'])) if (++events === 400) break; })();
for (; signals < 2000 || rounds < 100; rounds++) {
  const pair = { name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } } as const;
  if (rounds % 2) await nl.link.add(pair);
  else nl.sync.link.add(pair);
  await Promise.all([nl.link.list(), nl.addr.add('v0', '10.0.0.1/24'), nl.link.up('v1')]);
  using ns = netns.make(), inside = openRoute({ netns: ns });
  inside.sync.link.up('lo');
  nl.sync.link.delete('v0');
  await turn();
}
storm.kill('SIGKILL');
await once(storm, 'exit');
await listening;
await mirror.settled();
console.log(JSON.stringify({ signals, rounds, links: mirror.links.size, listed: (await nl.link.list()).length }));
nl.close();
clearTimeout(late);
