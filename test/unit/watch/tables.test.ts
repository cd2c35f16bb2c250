import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Writer } from '../../../src/bytes/writer.ts';
import { announcedAddr, announcedFdb, announcedLink, announcedNeigh, announcedNexthop, announcedRoute, announcedRule } from '../../../src/watch/announced.ts';
import { feed } from '../../../src/watch/feed.ts';
import { parts, type PartName } from '../../../src/watch/parts.ts';
import { routeTable } from '../../../src/watch/routes.ts';
import { stirring } from '../../../src/watch/stirs.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { frame, script } from '../conversation/scripted.ts';

const RTM_NEWLINK = 16, RTM_DELLINK = 17;

test('each entry has the key that the kernel tells it apart by', () => {
  const cases: { readonly [P in PartName]?: readonly (readonly [item: object, key: string | number])[] } = {
    links: [[{ index: 4 }, 4]], nexthops: [[{ id: 7 }, 7]], nsids: [[{ nsid: 3 }, 3]],
    addrs: [[{ index: 4, address: '10.0.0.1/24' }, '4 10.0.0.1/24'], [{ index: 4, address: '10.0.0.1/32', peer: '10.0.0.2/32' }, '4 10.0.0.1/32 peer 10.0.0.2/32']],
    neighs: [[{ index: 4, dst: '10.0.0.2' }, '4 10.0.0.2']],
    fdb: [[{ index: 4, lladdr: '02:00:00:00:00:01' }, '4 02:00:00:00:00:01 self'], [{ index: 4, lladdr: '02:00:00:00:00:01', master: 9, vlan: 7 }, '4 02:00:00:00:00:01 master vlan 7'],
      [{ index: 4, lladdr: '02:00:00:00:00:01', vni: 5, srcVni: 6, dst: '192.0.2.1', port: 4789, via: 3, nhid: 8 }, '4 02:00:00:00:00:01 self vni 5 src_vni 6 dst 192.0.2.1 port 4789 via 3 nhid 8']],
    rules: [[{ family: 'inet', flags: {}, priority: 5, tunId: 7n }, 'inet 5 {"tunId":"7"}'], [{ family: 'inet', flags: {} }, 'inet 0 {}']],
    routes: [[{ family: 'inet', table: 'main', dst: 'default', type: 'unicast', protocol: 'boot', scope: 'global', gateway: '10.0.0.1', oif: 4 }, 'inet main default metric 0 unicast proto boot scope global via 10.0.0.1 dev 4'],
      [{ family: 'inet6', table: 'main', dst: '2001:db8::/32', src: '::/0', tos: 4, priority: 9, type: 'unicast', protocol: 'ra', scope: 'global', prefsrc: '::1', nhid: 5, multipath: [{ oif: 4, flags: { dead: true } }], encap: { id: 5n } },
        'inet6 main 2001:db8::/32 from ::/0 tos 4 metric 9 unicast proto ra scope global src ::1 nhid 5 {"encap":{"id":"5"},"multipath":[{"oif":4}]}']],
  };
  for (const [name, items] of Object.entries(cases) as [PartName, readonly (readonly [object, string | number])[]][])
    for (const [item, key] of items) {
      const table = parts[name].table();
      table.load(item as never);
      assert.equal([...table.entries.keys()], [key], name);
    }
});

test('what a kernel does not announce is left out', () => {
  const link = { index: 4, stats: {}, qdisc: 'noqueue', options: { helloTimer: 3, rootId: 'x', ageingTime: 5 }, port: { holdTimer: 1, designatedCost: 4, cost: 100 } };
  assert.equal(announcedLink(link as never), { index: 4, options: { ageingTime: 5 }, port: { cost: 100 } });
  const addr = { address: 'fe80::1/64', flags: {}, updated: 5, validLft: 100, preferredLft: 'forever' };
  assert.equal(announcedAddr(addr as never), { address: 'fe80::1/64', flags: {}, preferredLft: 'forever' });
  for (const [flags, told] of [[{ tentative: true }, false], [{ tentative: true, optimistic: true }, true], [{ tentative: true, dadfailed: true }, true]] as const)
    assert.is(announcedAddr({ ...addr, flags } as never) !== undefined, told, JSON.stringify(flags));
  for (const [neigh, told] of [[{ flags: { proxy: true } }, false], [{ flags: {}, state: 'none' }, false], [{ flags: {}, state: 'incomplete' }, false], [{ flags: {}, state: 'noarp' }, false], [{ flags: {}, state: 'stale' }, true]] as const)
    assert.is(announcedNeigh({ ...neigh, probes: 1 } as never) !== undefined, told, JSON.stringify(neigh));
  assert.is(announcedFdb({ lladdr: '01:00:5e:00:00:01' } as never), undefined);
  for (const entry of [{ lladdr: '01:00:5e:00:00:01', master: 9 }, { lladdr: '02:00:00:00:00:01' }, { dst: '192.0.2.1' }])
    assert.equal(announcedFdb({ ...entry, cacheinfo: {}, probes: 1 } as never), entry);
  assert.equal(announcedRoute({ family: 'inet', flags: {}, cacheinfo: {} } as never), { family: 'inet', flags: {} });
  for (const route of [{ family: 'inet', flags: { cloned: true } }, { family: 'ipmr', flags: {} }]) assert.is(announcedRoute(route as never), undefined);
  assert.equal(announcedRule({ family: 'inet', flags: {} } as never), { family: 'inet', flags: {} });
  assert.is(announcedRule({ family: 128, flags: {} } as never), undefined, 'a rule for multicast routes');
  assert.equal(announcedNexthop({ id: 5, hwStats: {} } as never), { id: 5 });
  assert.equal(announcedNexthop({ id: 5, groupStats: [], resilient: { buckets: 8, unbalancedTime: 3 } } as never), { id: 5, resilient: { buckets: 8 } });
});

test('routes with the same keys keep the kernel\'s order, and replace takes the first of them', () => {
  const table = routeTable(), told: string[] = [], touched = (key: unknown, before: unknown, after: unknown): void => void told.push(`${before ? (after ? 'change' : 'del') : 'new'} ${String(key).match(/via (\S+)/)![1]}`);
  const route = (gateway: string, more: object = {}): never => ({ family: 'inet', table: 'main', dst: '10.5.0.0/16', type: 'unicast', protocol: 'boot', scope: 'global', gateway, oif: 4, flags: {}, ...more }) as never;
  const doing = (action: 'new' | 'del', item: never, flags = 0): [boolean, string[]] => (told.length = 0, [table.apply({ action, item, flags }, touched), [...told]]);
  table.load(route('a'));
  assert.equal(doing('new', route('b')), [true, ['new b']]); // before the other
  assert.equal(doing('new', route('c'), NLM_F.APPEND), [true, ['new c']]);
  assert.equal(doing('new', route('a'), NLM_F.APPEND), [true, []], 'it is there, and goes to the end without a word');
  assert.equal(doing('new', route('d'), NLM_F.REPLACE), [true, ['del b', 'new d']]);
  assert.equal(doing('new', route('c', { flags: { dead: true } }), NLM_F.REPLACE), [true, ['change c']]);
  assert.equal(doing('del', route('x')), [false, []], 'one that was not known: something was missed');
  assert.equal(doing('del', route('d')), [true, ['del d']]);

  const other = routeTable();
  other.load(route('c', { flags: { dead: true } }));
  other.load(route('e'));
  told.length = 0;
  table.become(other, touched);
  assert.equal(told, ['del a', 'new e']);
  assert.equal(doing('new', route('f'), NLM_F.REPLACE), [true, ['del c', 'new f']], 'the order is the other\'s, too');
  for (const gateway of ['e', 'f']) doing('del', route(gateway));
  assert.is(table.entries.size, 0);
  assert.equal(doing('new', route('g'), NLM_F.REPLACE), [true, ['new g']]);
});

test('of IPv6 a replaced way among others, and all of several ways, call for a fresh look', () => {
  const route = (gateway: string, more: object = {}): never => ({ family: 'inet6', table: 'main', dst: '2001:db8::/32', priority: 1024, gateway, flags: {}, ...more }) as never;
  const table = routeTable(), apply = (item: never, flags = 0): boolean => table.apply({ action: 'new', item, flags }, () => {});
  assert.is(apply(route('a')), true);
  assert.is(apply(route('b'), NLM_F.REPLACE), true, 'one in place of one');
  assert.is(apply(route('c'), NLM_F.APPEND), true);
  assert.is(apply(route('d'), NLM_F.REPLACE), false);
  assert.is(apply(route('e', { multipath: [{ oif: 4, flags: {} }] })), false);
  assert.is(table.apply({ action: 'del', item: route('c'), flags: 0 }, () => {}), false);
});

test('what an event stirs up besides what it says', () => {
  const stirs = stirring(), link = { index: 4, name: 'x', flags: { up: true }, link: 0 };
  for (const [type, action, item, what] of [
    ['link', 'new', link, ['link moved', 'link state', 'link name']], ['link', 'new', link, []], ['link', 'new', { ...link, name: 'y' }, ['link name']], ['link', 'new', { ...link, name: 'y', flags: {} }, ['link state']],
    ['link', 'del', link, ['link state', 'link name']], ['link', 'del', { ...link, newNetnsid: 3 }, ['link state', 'link name', 'link moved']], ['link', 'del', { ...link, newIfindex: 3 }, ['link state', 'link name', 'link moved']],
    ['addr', 'del', { family: 'inet' }, ['addr del']], ['addr', 'del', { family: 'inet6' }, []], ['addr', 'new', { family: 'inet' }, []],
    ['nexthop', 'new', {}, ['nexthop']], ['nexthop', 'del', {}, ['nexthop', 'nexthop del']], ['port', 'new', {}, ['port']], ['nsid', 'del', {}, ['nsid']], ['rule', 'new', {}, []],
  ] as const)
    assert.equal(stirs(type, action, item), what, `${type} ${action} ${JSON.stringify(item)}`);
});

test('what is not read of the events is told as lost: a datagram cut off, one longer than the room, ENOBUFS, an event without its header', () => {
  const transport = script(() => []), seen: string[] = [];
  const event = (number: number, name: string): Uint8Array => frame(number, 0, 0, (w: Writer) => linkMessage.encode(w, { index: 4, name }));
  const read = feed(transport, ['link'], { event: (type, action, item) => void seen.push(`${type} ${action} ${(item as { name: string }).name}`), lost: () => void seen.push('lost') });
  const long = event(RTM_NEWLINK, 'c');
  transport.push(
    event(RTM_NEWLINK, 'a'), event(RTM_DELLINK, 'a'), { bytes: event(RTM_NEWLINK, 'b'), sender: 4711 }, frame(3, 0, 0), frame(RTM_NEWLINK, 0, 0, (w) => void w.take(4)),
    event(RTM_NEWLINK, 'd').subarray(0, 12), { bytes: long, sender: 0, length: 100_000 }, -105, event(RTM_NEWLINK, 'e'),
  );
  read(3); // a stranger's counts as little as nothing
  assert.equal(seen, ['link new a', 'link del a']);
  read(Infinity);
  assert.equal(seen.slice(2), ['lost', 'lost', 'lost', 'lost', 'link new e']);
  transport.push({ bytes: long, sender: 0, length: 100_000 }); // there is room for it now: but what lies behind is none
  read(Infinity);
  assert.equal(seen.slice(7), ['link new c', 'lost']);
});

test('a mistake of ours is not taken for an event that cannot be read', () => {
  const transport = script(() => []);
  transport.push(frame(RTM_NEWLINK, 0, 0, (w) => linkMessage.encode(w, { index: 4 })));
  const read = feed(transport, ['link'], { event() { throw new TypeError('a mistake'); }, lost() {} });
  assert.throws(() => read(1), /a mistake/);
});

test.run();
