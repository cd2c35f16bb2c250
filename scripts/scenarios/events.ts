import assert from 'node:assert/strict';
import { scenario, upPair, v0, type Scenarios } from '../scenario.ts';

export const scenarios: Scenarios = {
  'link': scenario('A link comes, changes and goes: new and del are told apart', [], async (nl) => {
    using events = nl.events(['link']);
    await nl.link.add({ name: 'br0', kind: 'bridge' });
    await nl.link.change('br0', { mtu: 1400 });
    await nl.link.delete('br0');
    const seen: string[] = [];
    for await (const event of events) {
      assert.ok(event.type === 'link');
      seen.push(`${event.action} ${event.link.mtu}`);
      if (event.action === 'del') break;
    }
    assert.deepEqual(seen, ['new 1500', 'new 1400', 'del 1400']);
  }),
  'kinds': scenario('Addresses, routes, neighbours, rules and entries of a forwarding table come and go', upPair, async (nl) => {
    using events = nl.events(['addr', 'route', 'neigh', 'rule']);
    await nl.addr.add(v0, '10.0.0.1/24');
    await nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
    await nl.neigh.add({ dst: '10.0.0.7', lladdr: '02:00:00:00:00:07', dev: v0 });
    await nl.neigh.delete({ dst: '10.0.0.7', dev: v0 });
    await nl.rule.add({ src: '10.0.0.0/8', table: 100, priority: 10 });
    await nl.rule.delete({ src: '10.0.0.0/8', table: 100, priority: 10 });
    await nl.route.delete({ dst: '10.5.0.0/16' });
    await nl.addr.delete(v0, '10.0.0.1/24');
    const seen: string[] = [];
    for await (const event of events) {
      if (event.type === 'overrun' || event.type === 'undecodable') assert.fail(event.type);
      if (event.type !== 'route' || event.route.dst === '10.5.0.0/16') seen.push(`${event.type} ${event.action}`);
      if (event.type === 'addr' && event.action === 'del') break;
    }
    assert.deepEqual(seen.filter((line, i) => line !== seen[i - 1]),
      ['addr new', 'route new', 'neigh new', 'neigh del', 'rule new', 'rule del', 'route del', 'addr del']);
  }),
  'overrun': scenario('The kernel drops events that nobody read: that is an item of the stream, which goes on', upPair, async (nl) => {
    using events = nl.events(['addr'], { receiveBuffer: 4096, highWaterMark: 4 });
    await nl.batch((b) => Array.from({ length: 64 }, (_, i) => b.addr.add(v0, `10.9.${i}.1/24`)));
    let overruns = 0, last = '';
    for await (const event of events) {
      if (event.type === 'overrun') {
        overruns++;
        await nl.addr.add(v0, '10.10.0.1/24');
      } else if (event.type === 'addr') last = event.addr.address;
      if (last === '10.10.0.1/24') break;
    }
    assert.equal(overruns, 1);
  }),
  'namespace': { ...scenario('Events of another namespace', ['ip netns add blue'], async (nl) => {
    using events = nl.events(['link']);
    await nl.link.add({ name: 'br0', kind: 'bridge' });
    const { value } = await events.next();
    assert.ok(value.type === 'link' && value.link.name === 'br0');
  }), netns: 'blue' },
};
