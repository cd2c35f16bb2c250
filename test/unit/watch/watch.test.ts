import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute, type RouteClient } from '../../../src/open.ts';
import { fakeKernel, type FakeKernel, type FakeKernelOptions } from '../../../src/testing/index.ts';
import { routeEvents } from '../../../src/route/events.ts';
import { frame, script } from '../conversation/scripted.ts';
import { differences, same } from '../../support/mirror.ts';
import { dice, refusal } from '../../support/witness.ts';

function open(options: FakeKernelOptions = {}): { kernel: FakeKernel; nl: RouteClient } {
  const kernel = fakeKernel(options);
  return { kernel, nl: openRoute({ transport: kernel.open }) };
}

const everything = { links: true, addrs: true, routes: true, neighs: true, rules: true, nsids: true } as const;

/** What is waiting, in words. */
async function told(mirror: { settled(): Promise<void>; next(): Promise<IteratorResult<any, undefined>> }, count: number): Promise<string[]> {
  await mirror.settled();
  const lines: string[] = [];
  while (lines.length < count) {
    const { value } = await mirror.next();
    lines.push(`${value.type} ${value.action} ${value.key} ${value.cause}`);
  }
  return lines;
}

test('an event that cannot be read: the tables are listed anew, and what is different is told with its cause', async () => {
  const { kernel, nl } = open();
  using mirror = await nl.watch({ links: true });
  kernel.inject({ on: 'RTM_NEWLINK', events: 'unreadable' });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  assert.equal(await told(mirror, 1), ['link new 2 resync']);
  assert.is(mirror.links.get(2)!.name, 'br0');
  await nl.link.up('br0');
  assert.equal(await told(mirror, 1), ['link change 2 event']);
  assert.equal({ ...mirror.counters }, { events: 1, losses: 1, resyncs: 1 });
  nl.close();
});

test('an event that is shorter than its header is told as one that cannot be read, with its bytes, and the stream goes on', async () => {
  for (const [type, length] of [['link', 16], ['addr', 8], ['route', 12], ['rule', 12], ['neigh', 12], ['nsid', 1], ['prefix', 12]] as const) {
    const transport = script(() => []), numbers = { link: 16, addr: 20, route: 24, rule: 32, neigh: 28, nsid: 88, prefix: 52 };
    using events = routeEvents(() => transport)([type]);
    for (let bytes = 0; bytes < length; bytes++) transport.push(frame(numbers[type], 0, 0, (w) => void w.take(bytes)));
    for (let bytes = 0; bytes < length; bytes++) {
      const { value } = await events.next();
      assert.is(value.type, 'undecodable', `${type} of ${bytes} bytes`);
      if (value.type === 'undecodable') assert.equal([value.bytes.length, value.error.code], [16 + bytes, 'ERR_DECODE']);
    }
  }
});

test('an event that was lost: the same', async () => {
  const { kernel, nl } = open();
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  using mirror = await nl.watch({ links: true, addrs: true });
  kernel.inject({ on: 'RTM_DELLINK', events: 'lost' });
  await nl.link.delete('br0');
  assert.equal(await told(mirror, 1), ['link del 2 resync']);
  assert.is(mirror.links.has(2), false);
  assert.is(mirror.counters.losses, 1);
  nl.close();
});

test('lists that are interrupted, refused for now, or too late are asked for again, and nobody is told', async () => {
  const { kernel, nl } = open({ faults: [{ on: 'RTM_GETLINK', interrupt: true, times: 7 }] });
  using mirror = await nl.watch({ links: true });
  assert.equal([...mirror.links.values()].map(({ name }) => name), ['lo']);
  for (const fault of [{ interrupt: true }, { refuse: 'EBUSY' }, { refuse: 'ENOBUFS' }] as const) {
    kernel.inject({ on: 'RTM_GETLINK', ...fault, times: 6 });
    await mirror.resync();
  }
  using patient = openRoute({ transport: kernel.open, timeout: 20 });
  kernel.inject({ on: 'RTM_GETLINK', late: 60 });
  using other = await patient.watch({ links: true });
  assert.is(other.links.size, 1);
  nl.close();
});

test('a refusal that will not pass ends the mirror with it', async () => {
  const { kernel, nl } = open();
  assert.is((await refusal(nl.watch({ nexthops: true }))).code, 'EOPNOTSUPP');
  assert.is(kernel.sockets, 1);
  const mirror = await nl.watch({ links: true }), next = mirror.next();
  kernel.inject({ on: 'RTM_GETLINK', refuse: 'EPERM' });
  assert.is((await refusal(mirror.resync())).code, 'EPERM');
  assert.is((await refusal(next)).code, 'EPERM');
  assert.is((await mirror.next()).done, true);
  assert.is(kernel.sockets, 1);
  nl.close();
});

test('coalesce: of each entry what was seen last and what is now, however many changes lie between', async () => {
  const { nl } = open();
  using mirror = await nl.watch({ links: true, addrs: true });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  for (let mtu = 1300; mtu < 1400; mtu++) await nl.link.change('br0', { mtu });
  await nl.addr.add('br0', '10.0.0.1/24');
  await nl.addr.delete('br0', '10.0.0.1/24');
  await nl.link.change('lo', { mtu: 1500 });
  await nl.link.change('lo', { mtu: 65536 });
  await mirror.settled();
  const { value: made } = await mirror.next();
  assert.is(made!.type === 'link' && `${made!.action} ${made!.link.name} ${made!.link.mtu}`, 'new br0 1399');
  await nl.link.change('br0', { mtu: 1500 });
  const { value: changed } = await mirror.next();
  assert.is(changed!.type === 'link' && changed!.action === 'change' && `${changed!.before.mtu} ${changed!.link.mtu}`, '1399 1500', 'what came and went between is not told');
  nl.close();
});

test('without coalesce every change is told, in order', async () => {
  const { nl } = open();
  using mirror = await nl.watch({ links: true }, { coalesce: false });
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  for (let mtu = 1300; mtu < 1400; mtu++) await nl.link.change('br0', { mtu });
  await nl.link.delete('br0');
  const seen: string[] = [];
  for await (const { action, link } of mirror) {
    seen.push(`${action} ${link.mtu}`);
    if (action === 'del') break;
  }
  assert.equal(seen, ['new 1500', ...Array.from({ length: 100 }, (_, i) => `change ${1300 + i}`), 'del 1399']);
  nl.close();
});

test('back-pressure: no more events are taken than fit, the rest waits in the socket; reading lets more in', async () => {
  const { nl } = open();
  using mirror = await nl.watch({ addrs: true }, { coalesce: false, highWaterMark: 4 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  for (let i = 1; i <= 20; i++) await nl.addr.add('br0', `10.0.${i}.1/24`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.is(mirror.counters.events, 4);
  assert.is(mirror.addrs.size, 4);
  const seen: string[] = [];
  for await (const { addr } of mirror) if (seen.push(addr.address) === 20) break;
  assert.equal(seen, Array.from({ length: 20 }, (_, i) => `10.0.${i + 1}.1/24`));
  await mirror.settled();
  assert.is(mirror.counters.losses, 0);
  assert.equal(differences(nl, mirror), []);
  nl.close();
});

test('back-pressure and a small buffer: what did not fit is told as differences once there is room', async () => {
  const { nl } = open();
  using mirror = await nl.watch({ addrs: true }, { coalesce: false, highWaterMark: 4, receiveBuffer: 4096 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  for (let i = 1; i <= 100; i++) await nl.addr.add('br0', `10.0.${i}.1/24`);
  const seen = new Map<string, string>();
  for await (const { addr, cause } of mirror) if (seen.set(addr.address, cause).size === 100) break;
  assert.ok([...seen.values()].includes('resync') && [...seen.values()].includes('event'));
  await same(nl, mirror, 'after all');
  assert.ok(mirror.counters.losses > 0);
  nl.close();
});

test('links are watched by their indexes, the others by what tells them apart', async () => {
  const { nl } = open({ namespaces: ['blue'] });
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  using mirror = await nl.watch(everything);
  await nl.addr.add('br0', '10.0.0.1/24');
  await nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
  await nl.neigh.add({ dst: '10.0.0.7', lladdr: '02:00:00:00:00:07', dev: 'br0' });
  await nl.rule.add({ fwmark: 7, table: 100, priority: 5 });
  await nl.rule.add({ fwmark: 8, table: 100, priority: 5 });
  await nl.nsid.set('blue', 3);
  await mirror.settled();
  assert.ok(mirror.addrs.has('2 10.0.0.1/24'));
  assert.ok(mirror.neighs.has('2 10.0.0.7'));
  assert.ok(mirror.nsids.has(3));
  assert.is([...mirror.rules.values()].filter(({ priority }) => priority === 5).length, 2);
  assert.equal([...mirror.routes.values()].filter(({ table, gateway }) => table === 'main' && gateway).map(({ dst }) => dst), ['10.5.0.0/16']);
  await nl.rule.delete({ fwmark: 7 });
  await nl.link.delete('br0');
  await same(nl, mirror, 'after the link is gone');
  assert.is(mirror.neighs.size + mirror.addrs.size, 0);
  nl.close();
});

test('random churn with faults and buffers of any size: the mirror is a fresh list', async () => {
  for (const [seed, receiveBuffer] of [[1, undefined], [2, 2304], [3, 4096], [4, 10_000]] as const) {
    const { kernel, nl } = open({ namespaces: ['blue'], dumpBytes: 300 }), roll = dice(Math.imul(seed, 0x9e3779b1));
    const mirrors = [await nl.watch(everything, { receiveBuffer }), await nl.watch(everything, { receiveBuffer, coalesce: false, highWaterMark: 16 })] as const;
    const reading = (async () => { for await (const _change of mirrors[1]); })();
    for (let round = 1; round <= 300; round++) {
      if (roll(10) === 0) kernel.inject({ on: ['RTM_NEWLINK', 'RTM_NEWADDR', 'RTM_DELADDR', 'RTM_DELLINK'], events: roll(2) ? 'lost' : 'unreadable' });
      if (roll(20) === 0) kernel.inject({ on: ['RTM_GETLINK', 'RTM_GETADDR', 'RTM_GETROUTE'], interrupt: true });
      await churn(nl, roll).catch((error) => assert.ok(error.code && !error.code.startsWith('ERR_'), error.stack));
      if (round % 50 === 0) for (const mirror of mirrors) await same(nl, mirror, `seed ${seed}, round ${round}`);
    }
    for (const mirror of mirrors) {
      assert.ok(mirror.counters.losses > 0);
      mirror.close();
    }
    await reading;
    nl.close();
    assert.is(kernel.sockets, 0);
  }
});

async function churn(nl: RouteClient, roll: (sides: number) => number): Promise<unknown> {
  const n = roll(3), dev = [`a${n}`, `b${n}`, `br${n}`][roll(3)]!, dst = `172.16.${roll(4)}.0/24`, priority = 100 + roll(4);
  switch (roll(14)) {
    case 0: return nl.link.add({ name: `a${n}`, kind: 'veth', options: { peer: { name: `b${n}`, ...(roll(3) === 0 ? { netns: 'blue' } : {}) } } });
    case 1: return nl.link.add({ name: `br${n}`, kind: 'bridge', up: roll(2) === 0 });
    case 2: return nl.link.delete(dev);
    case 3: return nl.link.change(dev, { up: roll(3) > 0 });
    case 4: return nl.link.change(`a${n}`, { master: roll(2) === 0 ? `br${n}` : 0 });
    case 5: return nl.link.change(dev, { mtu: 1400 + roll(9), alias: `alias ${n}` });
    case 6: case 7: return nl.addr.add(dev, `10.0.${n}.${1 + roll(5)}/24`);
    case 8: return nl.addr.delete(dev, `10.0.${n}.${1 + roll(5)}/24`);
    case 9: return nl.route.replace({ dst, dev, priority: roll(2) });
    case 10: return roll(2) ? nl.route.append({ dst, gateway: `10.0.${n}.9` }) : nl.route.delete({ dst });
    case 11: return nl.neigh.replace({ dst: `10.0.0.${20 + roll(9)}`, lladdr: '02:00:00:00:00:09', dev });
    case 12: return nl.rule.add({ src: `10.${n}.0.0/16`, table: 100, priority });
    default: return nl.rule.delete({ src: `10.${n}.0.0/16`, table: 100, priority });
  }
}

test('whoever aborts, closes or asks for what there is not is told', async () => {
  const { kernel, nl } = open(), abort = new AbortController();
  const mirror = await nl.watch({ links: true }, { signal: abort.signal, ref: false });
  const waiting = mirror.next();
  abort.abort();
  assert.is((await refusal(waiting)).code, 'ABORT_ERR');
  assert.is((await refusal(nl.watch({ links: true }, { signal: abort.signal }))).code, 'ABORT_ERR');
  await using other = await nl.watch({ links: true });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  await other.settled();
  other.close();
  assert.is((await other.next()).value!.action, 'new', 'what was known before is still given out');
  assert.is((await other.next()).done, true);
  assert.is((await refusal(other.resync())).code, 'ERR_CLOSED');
  assert.is((await refusal(nl.watch({ links: true }, { highWaterMark: -1 }))).code, 'ERR_ARGUMENT');
  assert.is(kernel.sockets, 1);
  nl.close();
});

test.run();
