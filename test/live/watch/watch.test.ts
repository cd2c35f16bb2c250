// timeout: 300 s
import { isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as netns from '../../../src/netns/index.ts';
import { openRoute, type RouteClient } from '../../../src/open.ts';
import type { MirrorMaps } from '../../../src/watch/index.ts';
import { dice, json, refusal } from '../../support/witness.ts';
import { same } from '../../support/mirror.ts';

const nl = openRoute();
test.after(() => nl.close());
nl.sync.link.change('lo', { up: true });
nl.sync.link.add({ name: 'v0', kind: 'veth', up: true, options: { peer: { name: 'v1' } } });
nl.sync.link.up('v1');
nl.sync.addr.add('v0', '10.0.0.1/24');

const everything = { links: true, addrs: true, routes: true, neighs: true, fdb: true, rules: true, nexthops: true, nsids: true } as const;

test('the maps are there at once, and changes follow', async () => {
  using mirror = await nl.watch({ links: true, addrs: true });
  const v0 = [...mirror.links.values()].find((link) => link.name === 'v0')!;
  assert.is(mirror.addrs.get(`${v0.index} 10.0.0.1/24`)?.label, 'v0');
  await nl.link.change('v0', { mtu: 1400 });
  await nl.addr.add('v0', '10.0.1.1/24');
  await nl.addr.delete('v0', '10.0.1.1/24');
  await nl.addr.add('v0', '10.0.2.1/24');
  await mirror.settled();
  const told = async () => {
    for (;;) {
      const one = await mirror.next();
      if (!(one.value?.type === 'addr' && one.value.addr.address.startsWith('fe80:'))) return one; // these end their duplicate detection in their own time
    }
  };
  const first = await told(), second = await told();
  assert.is(first.value!.type === 'link' && first.value!.action === 'change' && `${first.value!.before.mtu} ${first.value!.link.mtu}`, '1500 1400');
  assert.is(second.value!.type === 'addr' && `${second.value!.action} ${second.value!.cause} ${second.value!.addr.address}`, 'new event 10.0.2.1/24', 'an address that came and went is no change');
  assert.is(mirror.links.get(v0.index)!.mtu, 1400);
  await nl.addr.delete('v0', '10.0.2.1/24');
});

test('every change, where that is asked for, and no more than fit are taken from the kernel', async () => {
  using mirror = await nl.watch({ addrs: true }, { coalesce: false, highWaterMark: 4 });
  for (let i = 1; i <= 20; i++) await nl.addr.add('v0', `10.1.${i}.1/24`);
  for (let i = 1; i <= 20; i++) await nl.addr.delete('v0', `10.1.${i}.1/24`);
  const seen: string[] = [];
  for await (const change of mirror) {
    if (!change.addr.address.startsWith('fe80:')) seen.push(`${change.action} ${change.addr.address}`);
    if (seen.length === 40) break;
  }
  assert.equal(seen.slice(18, 22), ['new 10.1.19.1/24', 'new 10.1.20.1/24', 'del 10.1.1.1/24', 'del 10.1.2.1/24']);
});

test('routes that go with their link without a word go from the mirror', async () => {
  using mirror = await nl.watch({ routes: true });
  await nl.link.add({ name: 'x0', kind: 'veth', up: true, options: { peer: { name: 'x1' } } });
  await nl.link.up('x1');
  await nl.addr.add('x0', '10.2.0.1/24');
  for (let i = 0; i < 10; i++) await nl.route.add({ dst: `10.3.${i}.0/24`, gateway: '10.2.0.2' });
  await same(nl, mirror, 'made');
  assert.is([...mirror.routes.values()].filter(({ dst }) => dst.startsWith('10.3.')).length, 10);
  await nl.link.down('x0');
  await same(nl, mirror, 'down');
  assert.is([...mirror.routes.values()].filter(({ dst }) => dst.startsWith('10.3.')).length, 0);
  assert.ok(mirror.counters.resyncs > 0);
  await nl.link.delete('x0');
  await same(nl, mirror, 'deleted');
});

test('replace, append and prepend: the mirror knows which route the kernel means', async () => {
  using mirror = await nl.watch({ routes: true });
  const dice6 = dice(7);
  for (let round = 0; round < 300; round++) {
    const route = { dst: `10.4.${dice6(2)}.0/24`, gateway: `10.0.0.${2 + dice6(4)}`, priority: dice6(2), table: 100 + dice6(2) };
    const verb = (['add', 'append', 'prepend', 'replace', 'change', 'delete'] as const)[dice6(6)]!;
    await nl.route[verb](route).catch((error) => assert.ok(['EEXIST', 'ESRCH', 'ENOENT'].includes(error.code), error.message));
    if (round % 20 === 0) await same(nl, mirror, `${round} ${verb}`);
  }
  await same(nl, mirror, 'at the end');
  await nl.route.flush({ table: 100 });
  await nl.route.flush({ table: 101 });
  await same(nl, mirror, 'flushed');
});

test('random churn of everything: the mirror is a fresh dump, and what ip shows', async () => {
  for (const name of spaces) netns.create(name);
  for (const receiveBuffer of [undefined, 4096]) {
    using mirror = await nl.watch(everything, { receiveBuffer });
    const roll = dice(11);
    for (let round = 1; round <= 400; round++) {
      await churn(nl, roll).catch((error) => assert.ok(error.code && !error.code.startsWith('ERR_'), error.stack));
      if (round % 50 === 0) await same(nl, mirror, `round ${round}, buffer ${receiveBuffer}`);
    }
    for (let left = 100; ; left--) { // addresses are still being checked
      await mirror.settled();
      const [ours, theirs] = [inWords(mirror), inWordsOfIp()];
      if (left > 0 && !isDeepStrictEqual(ours, theirs)) continue;
      assert.equal(ours, theirs);
      break;
    }
  }
});

const spaces = ['n0', 'n1', 'n2', 'n3'];

/** The mirror in words that `ip` can say, too. */
function inWords({ links, addrs, routes, neighs, rules, nsids }: MirrorMaps<'links' | 'addrs' | 'routes' | 'neighs' | 'rules' | 'nsids'>): object {
  const dev = (index: number | undefined): string | undefined => (index === undefined ? undefined : links.get(index)?.name);
  const words = <T>(items: ReadonlyMap<unknown, T>, spell: (item: T) => readonly unknown[]): string[] => [...items.values()].map((item) => spell(item).join(' ')).sort();
  return {
    links: words(links, ({ index, name, mtu, address, master, alias, flags }) => [index, name, mtu, address, dev(master), alias, flags.up ?? false]),
    addrs: words(new Map([...addrs].filter(([, { flags }]) => !flags.tentative)), ({ index, address, scope, flags }) => [dev(index), address, scope, flags.secondary && !address.includes(':') ? 'secondary' : '']),
    routes: words(routes, ({ type, dst, oif, gateway, priority, table, multipath }) =>
      [type, dst.replace(/\/(32|128)$/, ''), priority ?? 0, table, ...(multipath ?? [{ oif, gateway }]).map((hop) => [dev(hop.oif), hop.gateway].join(' ')).sort()]),
    neighs: words(neighs, ({ dst, index, lladdr }) => [dst, dev(index), lladdr]),
    rules: words(rules, ({ family, priority, src, table }) => [family, priority ?? 0, src ?? 'all', table]).filter((line) => line.startsWith('inet')), // multicast routing has some, too
    nsids: words(nsids, ({ nsid }) => [nsid]),
  };
}

/** The same, as `ip -json` has it. */
function inWordsOfIp(): object {
  const words = (items: readonly any[], spell: (item: any) => readonly unknown[]): string[] => items.map((item) => spell(item).join(' ')).sort();
  const routes = (family: string): any[] => json('ip', `${family} route show table all`), rules = (family: string): any[] => json('ip', `${family} rule show`);
  const source = ({ src, srclen }: { src: string; srclen?: number }): string => (src === 'all' || srclen === undefined ? src : `${src}/${srclen}`);
  return {
    links: words(json('ip', 'link show'), ({ ifindex, ifname, mtu, address, master, ifalias, flags }) => [ifindex, ifname, mtu, address, master, ifalias, flags.includes('UP')]),
    addrs: words(json('ip', 'address show').flatMap(({ ifname, addr_info }) => addr_info.filter(({ tentative }: any) => !tentative).map((addr: object) => ({ ifname, ...addr }))),
      ({ ifname, local, prefixlen, scope, secondary }) => [ifname, `${local}/${prefixlen}`, scope, secondary ? 'secondary' : '']),
    routes: words([...routes('-4'), ...routes('-6')], ({ type, dst, dev, gateway, metric, table, nexthops }) =>
      [type, dst, metric ?? 0, table ?? 'main', ...(nexthops ?? [{ dev, gateway }]).map((hop: any) => [hop.dev, hop.gateway].join(' ')).sort()]),
    neighs: words(json('ip', 'neigh show nud all').filter(({ state }) => !['NONE', 'INCOMPLETE', 'NOARP'].includes(state[0])), ({ dst, dev, lladdr }) => [dst, dev, lladdr]),
    rules: words([...rules('-4').map((rule) => ({ family: 'inet', ...rule })), ...rules('-6').map((rule) => ({ family: 'inet6', ...rule }))],
      (rule) => [rule.family, rule.priority, source(rule), rule.table]),
    nsids: words(json('ip', 'netns list-id'), ({ nsid }) => [nsid]),
  };
}

async function churn(nl: RouteClient, roll: (sides: number) => number): Promise<void> {
  const n = roll(4), dev = ['v0', 'v1', `a${n}`, `b${n}`, `br${n % 2}`][roll(5)]!;
  switch (roll(24)) {
    case 0: return nl.link.add({ name: `a${n}`, kind: 'veth', options: { peer: { name: `b${n}`, ...(roll(4) === 0 ? { netns: `n${n}` } : {}) } } });
    case 1: return nl.link.add({ name: `br${n % 2}`, kind: 'bridge', up: roll(2) === 0 });
    case 2: return roll(4) === 0 ? nl.link.delete(`a${n}`) : nl.link.up(dev);
    case 3: return nl.link.change(dev, { up: roll(2) === 0 });
    case 4: return nl.link.change(`a${n}`, { master: roll(2) === 0 ? `br${n % 2}` : 0 });
    case 5: {
      const mtu = 1400 + roll(100), { flags } = await nl.link.get(dev);
      return nl.link.change(dev, { mtu, ...(flags.up ? { alias: `alias ${n}` } : {}) }); // that of a link that is down is not announced
    }
    case 6: return nl.addr.add(dev, `10.${roll(5)}.${n}.${1 + roll(5)}/24`);
    case 7: return nl.addr.add(dev, `fc00:${roll(5)}::${1 + n}/64`);
    case 8: return nl.addr.delete(dev, `10.${roll(5)}.${n}.${1 + roll(5)}/24`);
    case 9: return void await nl.addr.flush(dev);
    case 10: return nl.route.add({ dst: `172.16.${roll(9)}.0/24`, gateway: `10.0.0.${2 + n}` });
    case 11: return nl.route.append({ dst: `fc01:${roll(3)}::/64`, gateway: `fc00:0::${9 + n}` });
    case 12: return nl.route.replace({ dst: `172.16.${roll(9)}.0/24`, dev, priority: roll(2) });
    case 13: return nl.route.replace({ dst: `fc01:${roll(3)}::/64`, dev, priority: 1024 + roll(2) });
    case 14: return nl.route.delete({ dst: `172.16.${roll(9)}.0/24` });
    case 15: return nl.route.delete({ dst: `fc01:${roll(3)}::/64` });
    case 16: return nl.neigh.replace({ dst: `10.0.0.${20 + roll(9)}`, lladdr: '02:00:00:00:00:09', dev, state: roll(2) ? 'permanent' : 'stale' });
    case 17: return nl.neigh.delete({ dst: `10.0.0.${20 + roll(9)}`, dev });
    case 18: return nl.fdb.replace({ lladdr: `02:00:00:00:01:0${roll(9)}`, dev: `a${n}`, flags: { master: true }, vlan: undefined });
    case 19: return nl.rule.add({ src: `10.${n}.0.0/16`, table: 100 + roll(3), priority: 100 + roll(5) });
    case 20: return nl.rule.delete({ src: `10.${n}.0.0/16`, table: 100 + roll(3), priority: 100 + roll(5) });
    case 21: return nl.nsid.set(`n${n}`, roll(2) ? 'auto' : 50 + roll(3));
    case 22:
      netns.delete(`n${n}`);
      netns.create(`n${n}`);
      return;
    default: return void await nl.nexthop.replace({ id: 1 + n, gateway: `10.0.0.${30 + roll(4)}`, dev });
  }
}

test('what changes of a link that is down comes with its next event, or with a fresh look', async () => {
  await nl.link.add({ name: 'x0', kind: 'veth', options: { peer: { name: 'x1' } } });
  using mirror = await nl.watch({ links: true });
  const { index } = await nl.link.get('x0');
  const said = (): unknown[] => [mirror.links.get(index)?.alias, mirror.links.get(index)?.group];
  await nl.link.change('x0', { alias: 'first', group: 5 });
  await mirror.resync();
  assert.equal(said(), ['first', 5]);
  await nl.link.change('x0', { alias: 'second', group: 6 });
  await nl.link.up('x0');
  await mirror.settled();
  assert.equal(said(), ['second', 6]);
  await nl.link.change('x0', { alias: 'third', group: 7 });
  await mirror.settled();
  assert.equal(said(), ['third', 7], 'it is up: at once');
  await nl.link.delete('x0');
});

test('200,000 changes by a tiny buffer', async () => {
  await nl.link.up('v0');
  await nl.link.up('v1');
  await nl.addr.ensure('v0', '10.0.0.1/24');
  using mirror = await nl.watch({ routes: true, addrs: true }, { receiveBuffer: 4096 });
  const made = 100_000, step = 20_000;
  const dst = (i: number): string => `11.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`;
  for (let from = 0; from < made; from += step)
    await nl.batch((b) => Array.from({ length: step }, (_, i) => b.route.add({ dst: dst(from + i), gateway: '10.0.0.9', table: 77 })));
  await same(nl, mirror, 'added');
  for (let from = 0; from < made; from += step)
    await nl.batch((b) => Array.from({ length: step }, (_, i) => b.route.delete({ dst: dst(from + i), table: 77 })));
  await same(nl, mirror, 'deleted');
  assert.ok(mirror.counters.losses > 0, 'the buffer was never full');
  assert.ok(mirror.counters.resyncs > 0);
});

test('close, abort and using end it', async () => {
  const abort = new AbortController(), mirror = await nl.watch({ links: true }, { signal: abort.signal }), next = mirror.next();
  abort.abort();
  assert.is((await refusal(next)).code, 'ABORT_ERR');
  assert.is((await mirror.next()).done, true);
  assert.is((await refusal(mirror.settled())).code, 'ERR_CLOSED');
  const other = await nl.watch({ links: true }), waiting = other.next();
  other.close();
  assert.is((await waiting).done, true);
  assert.ok(other.links.size > 0, 'the maps stay');
  assert.is((await refusal(nl.watch({}))).code, 'ERR_ARGUMENT');
  assert.is((await refusal(nl.watch({ lnks: true } as never))).code, 'ERR_ARGUMENT');
});

test.run();
