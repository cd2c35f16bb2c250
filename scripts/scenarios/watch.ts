import assert from 'node:assert/strict';
import type { Change, Mirror } from '../../src/watch/index.ts';
import type { PartName } from '../../src/watch/parts.ts';
import { scenario, upPair, v0, type Scenarios } from '../scenario.ts';

/** The changes that wait, in words, up to one of those that `last` describes. */
async function told<P extends PartName>(mirror: Mirror<P>, last: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const change of mirror as AsyncIterable<Change>) {
    lines.push(`${change.type} ${change.action} ${change.key} ${change.cause}`);
    if (lines.at(-1) === last) break;
  }
  return lines;
}

export const scenarios: Scenarios = {
  'changes': scenario('A mirror of links and addresses follows what happens', upPair, async (nl) => {
    using mirror = await nl.watch({ links: true, addrs: true });
    assert.deepEqual([...mirror.links.values()].map(({ name }) => name).sort(), ['lo', 'v0', 'v1']);
    await nl.addr.add(v0, '10.0.0.1/24');
    await nl.link.change(v0, { mtu: 1400 });
    assert.deepEqual(await told(mirror, `link change ${v0} event`), [`addr new ${v0} 10.0.0.1/24 event`, `link change ${v0} event`]);
    assert.equal(mirror.links.get(v0)!.mtu, 1400);
    await nl.addr.delete(v0, '10.0.0.1/24');
    assert.deepEqual(await told(mirror, `addr del ${v0} 10.0.0.1/24 event`), [`addr del ${v0} 10.0.0.1/24 event`]);
    assert.deepEqual([mirror.addrs.size, mirror.counters.losses], [0, 0]);
  }),
  'silence': scenario('A link goes down and the kernel takes its routes without a word: a fresh list shows it', upPair, async (nl) => {
    await nl.addr.add(v0, '10.0.0.1/24');
    await nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
    using mirror = await nl.watch({ routes: true });
    const dsts = () => [...mirror.routes.values()].map(({ dst }) => dst);
    assert.ok(dsts().includes('10.5.0.0/16'));
    await nl.link.down(v0);
    await mirror.settled();
    assert.ok(!dsts().includes('10.5.0.0/16'));
    assert.ok((await told(mirror, 'route del inet main 10.5.0.0/16 metric 0 unicast proto boot scope global via 10.0.0.9 dev 3 resync')).length > 0);
  }),
  'overrun': scenario('The kernel drops events that a mirror did not read in time: it lists anew, and tells the differences', upPair, async (nl) => {
    using mirror = await nl.watch({ addrs: true }, { receiveBuffer: 4096 });
    nl.sync.batch((b) => Array.from({ length: 64 }, (_, i) => b.addr.add(v0, `10.9.${i}.1/24`)));
    await mirror.settled();
    assert.deepEqual([mirror.addrs.size, mirror.counters.losses > 0, mirror.counters.resyncs > 0], [64, true, true]);
    const causes: string[] = [];
    while (causes.length < 64) causes.push((await mirror.next()).value!.cause);
    assert.ok(causes.includes('event') && causes.includes('resync'));
    nl.sync.addr.delete(v0, '10.9.7.1/24');
    assert.deepEqual(await told(mirror, `addr del ${v0} 10.9.7.1/24 event`), [`addr del ${v0} 10.9.7.1/24 event`]);
    assert.equal(mirror.addrs.size, 63);
  }),
};
