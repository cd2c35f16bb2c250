import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { isSteps, type Exchange, type Operation } from '../../../src/conversation/operation.ts';
import { EncodeError } from '../../../src/errors.ts';
import { families } from '../../../src/route/families.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';

/** The last exchange of an operation. What it asks for before is answered: the link `x11` has the index 11. */
function exchangeOf(operation: Operation<unknown>): Exchange<any> {
  if (!isSteps(operation)) return operation;
  for (let step = operation.next(); ; ) {
    if (step.done) return step.value as Exchange<unknown>;
    const { name } = (step.value as Exchange<unknown>).value as { name?: string };
    step = operation.next({ index: Number(/\d+/.exec(String(name))), name, kind: 'bridge', flags: {} });
  }
}

/** What an operation sends: the kernel's name of the message, and what is read from its bytes. */
function sent(operation: Operation<unknown>): [name: string, value: any, command: string | undefined] {
  const { type, request, value, command } = exchangeOf(operation), w = new Writer();
  request.encode(w, value);
  const bytes = Uint8Array.from(w.written());
  return [routeProtocol.messages[type]!.cName, request.decode(memoryOf(bytes), 0, bytes.length), command?.()];
}

const { link, addr, addrlabel, route, rule, neigh, fdb, mdb, vlan, nexthop, nsid, stats, qdisc, filter, class: classes, action } = families;

const cases: readonly [operation: Operation<unknown>, name: string, value: object, command?: string][] = [
  [link.change({ group: 7 }, { mtu: 1400 }), 'RTM_NEWLINK', { group: 7, mtu: 1400 }, 'ip link set group 7 mtu 1400'],
  [link.delete({ group: 7 }), 'RTM_DELLINK', { group: 7 }, 'ip link delete group 7'],
  [addr.list({ family: 'inet6', dev: 'x4' }), 'RTM_GETADDR', { family: 'inet6', index: 4 }, 'ip -6 address show dev x4'],
  [addr.multicast(), 'RTM_GETMULTICAST', { index: 0 }], [addr.multicast({ dev: 'x4', family: 'inet' }), 'RTM_GETMULTICAST', { family: 'inet', index: 4 }],
  [addr.anycast({ dev: 'x4' }), 'RTM_GETANYCAST', { family: 'inet6', index: 4 }],
  [addrlabel.add({ prefix: '2002::/16', label: 7, dev: 'x4' }), 'RTM_NEWADDRLABEL', { prefix: '2002::/16', label: 7, index: 4 }, 'ip addrlabel add prefix 2002::/16 label 7'],
  [addrlabel.delete({ prefix: '2002::/16', index: 5 }), 'RTM_DELADDRLABEL', { prefix: '2002::/16', label: 0, index: 5 }, 'ip addrlabel delete prefix 2002::/16 label 0'],
  [addrlabel.get('2001:db8::1', 'x4'), 'RTM_GETADDRLABEL', { prefix: '2001:db8::1/128', index: 4 }],
  [route.get({ dst: '192.0.2.1', iif: 'x4', src: '10.0.0.1', fibMatch: true }), 'RTM_GETROUTE', { dst: '192.0.2.1/32', iif: 4, src: '10.0.0.1/32' }, 'ip route get fibmatch 192.0.2.1'],
  [route.list({ cached: true, family: 'inet6' }), 'RTM_GETROUTE', { family: 'inet6', flags: { cloned: true } }],
  [neigh.list({ master: 'x9', proxy: true }), 'RTM_GETNEIGH', { master: 9, flags: { proxy: true } }, 'ip neighbour show proxy'],
  [neigh.get({ dst: '192.0.2.1', dev: 'x4', proxy: true }), 'RTM_GETNEIGH', { dst: '192.0.2.1', index: 4, flags: { proxy: true } }, 'ip neighbour get 192.0.2.1 dev x4'],
  [neigh.list({ dev: 'x4' }), 'RTM_GETNEIGH', { via: 4 }, 'ip neighbour show nud all dev x4'],
  [neigh.replace({ dst: 'fd00::1', index: 4, lladdr: '02:00:00:00:00:01', state: 'stale' }), 'RTM_NEWNEIGH', { family: 'inet6', index: 4, state: 'stale' }, 'ip neighbour replace fd00::1 lladdr 02:00:00:00:00:01 dev if4 nud stale'],
  [neigh.delete({ dst: '192.0.2.1', index: 4 }), 'RTM_DELNEIGH', { family: 'inet', index: 4 }, 'ip neighbour delete 192.0.2.1 dev if4'],
  [neigh.add({ dst: '192.0.2.1', dev: 'x4', flags: { proxy: true } }), 'RTM_NEWNEIGH', { index: 4, flags: { proxy: true } }, 'ip neighbour add proxy 192.0.2.1 dev x4'],
  [neigh.delete({ dst: '192.0.2.1', dev: 'x4', flags: { proxy: true } }), 'RTM_DELNEIGH', { index: 4, flags: { proxy: true } }, 'ip neighbour delete proxy 192.0.2.1 dev x4'],
  [fdb.get({ lladdr: '02:00:00:00:00:01', dev: 'x4' }), 'RTM_GETNEIGH', { index: 4, flags: { self: true } }, 'bridge fdb get 02:00:00:00:00:01 dev x4'],
  [fdb.get({ lladdr: '02:00:00:00:00:01', dev: 'x4', master: 'x9' }), 'RTM_GETNEIGH', { index: 4, master: 9, flags: { master: true } }, 'bridge fdb get 02:00:00:00:00:01 br x9'],
  [fdb.get({ lladdr: '02:00:00:00:00:01', master: 'x9', vlan: 7 }), 'RTM_GETNEIGH', { master: 9, vlan: 7 }, 'bridge fdb get 02:00:00:00:00:01 br x9 vlan 7'],
  [fdb.list(), 'RTM_GETNEIGH', { family: 'bridge' }, 'bridge fdb show'], [fdb.flush('x9', { flags: {} }), 'RTM_DELNEIGH', { index: 9, stateMask: undefined, flagsMask: undefined }],
  [fdb.flush('x9', { brport: 'x4', state: { permanent: false, noarp: undefined }, flags: { sticky: true, offload: false } }), 'RTM_DELNEIGH',
    { index: 9, via: 4, stateMask: 0x80, flags: { self: true, sticky: true }, flagsMask: 0x60 }, 'bridge fdb flush dev x9 self'],
  [fdb.list({ dev: 'x4', master: 'x9' }), 'RTM_GETNEIGH', { via: 4, master: 9 }, 'bridge fdb show brport x4 br x9'],
  [fdb.add({ lladdr: '02:00:00:00:00:01', dev: 'x4', flags: { master: true }, vlan: 7 }), 'RTM_NEWNEIGH', { index: 4, vlan: 7 }, 'bridge fdb add 02:00:00:00:00:01 dev x4 master vlan 7'],
  [fdb.append({ lladdr: '00:00:00:00:00:00', index: 4, dst: '192.0.2.1', vni: 9, via: 'x5' }), 'RTM_NEWNEIGH', { index: 4, via: 5 },
    'bridge fdb append 00:00:00:00:00:00 dev if4 dst 192.0.2.1 vni 9 via x5'],
  [fdb.delete({ lladdr: '02:00:00:00:00:01', dev: { index: 4 } as never }), 'RTM_DELNEIGH', { index: 4 }, 'bridge fdb delete 02:00:00:00:00:01 dev if4'],
  [mdb.get({ dev: 'x9', group: '239.1.1.1', source: '192.0.2.1', vlan: 7 }), 'RTM_GETMDB', { index: 9 }, 'bridge mdb get dev x9 grp 239.1.1.1 src 192.0.2.1 vid 7'],
  [mdb.routers({ dev: 'x9' }), 'RTM_GETMDB', { family: 'bridge' }, 'bridge -d mdb show'],
  [mdb.flush('x9', { port: 'x4', state: 'permanent' }), 'RTM_DELMDB', { index: 9, stateMask: 1 }, 'bridge mdb flush dev x9 port x4'],
  [mdb.add({ dev: 'x9', port: 'x4', group: '239.1.1.1', via: 'x5' }), 'RTM_NEWMDB', { index: 9, via: 5 }, 'bridge mdb add dev x9 port x4 grp 239.1.1.1'],
  [mdb.list({ dev: 'x9' }), 'RTM_GETMDB', { family: 'bridge' }], [mdb.list(), 'RTM_GETMDB', { family: 'bridge' }], [mdb.routers(), 'RTM_GETMDB', { family: 'bridge' }],
  [mdb.flush('x9', { vlan: 7 }), 'RTM_DELMDB', { index: 9 }],
  [mdb.replace({ index: 9, port: 'x4', group: '239.1.1.1', source: '192.0.2.1', filterMode: 'include', protocol: 'static', sources: [{ address: '192.0.2.2' }] }), 'RTM_NEWMDB',
    { index: 9, source: '192.0.2.1', filterMode: undefined, protocol: 'static' }, 'bridge mdb replace dev if9 port x4 grp 239.1.1.1 src 192.0.2.1'],
  [mdb.delete({ dev: 'x9', port: 'x4', group: '239.1.1.1', protocol: 'static' }), 'RTM_DELMDB', { index: 9, protocol: undefined }, 'bridge mdb delete dev x9 port x4 grp 239.1.1.1'],
  [vlan.list(), 'RTM_GETVLAN', { family: 'bridge', index: 0 }], [vlan.list({ dev: 'x9', stats: true }), 'RTM_GETVLAN', { index: 9, flags: { stats: true } }],
  [vlan.globals(), 'RTM_GETVLAN', { index: 0, flags: { global: true } }], [vlan.globals({ dev: 'x9' }), 'RTM_GETVLAN', { index: 9, flags: { global: true } }],
  [vlan.add('x4', 10, { pvid: true }), 'RTM_SETLINK', { index: 4 }, 'bridge vlan add dev x4 vid 10 pvid'],
  [vlan.delete('x4', 10), 'RTM_DELLINK', { index: 4, afSpec: { vlans: [{ flags: {}, vid: 10 }] } }, 'bridge vlan delete dev x4 vid 10'],
  [vlan.setMst('x4', 3, 'blocking'), 'RTM_SETLINK', { index: 4, afSpec: { mst: { entries: [{ msti: 3, state: 'blocking' }] } } }, 'bridge mst set dev x4 msti 3 state blocking'],
  [vlan.add('x4', { from: 10, to: 12 }, { untagged: true, self: true }), 'RTM_SETLINK', { index: 4 }, 'bridge vlan add dev x4 vid 10-12 untagged self'],
  [vlan.change('x4', { from: 10, to: 12 }, { state: 'blocking' }), 'RTM_NEWVLAN', { index: 4 }, 'bridge vlan set dev x4 vid 10-12'],
  [vlan.changeGlobals('x9', { from: 10, to: 12 }, { mcastSnooping: true }), 'RTM_NEWVLAN', { index: 9 }, 'bridge vlan global set dev x9 vid 10-12'],
  [vlan.addTunnel('x4', 10, 100), 'RTM_SETLINK', { index: 4 }], [vlan.deleteTunnel('x4', { from: 10, to: 12 }, 100), 'RTM_DELLINK', { index: 4 }],
  [vlan.mst(), 'RTM_GETLINK', { family: 'bridge' }], [vlan.tunnels(), 'RTM_GETLINK', { family: 'bridge' }],
  [nexthop.list({ dev: 'x4', master: 'x9', stats: true }), 'RTM_GETNEXTHOP', { oif: 4, master: 9, opFlags: { dumpStats: true } }],
  [nexthop.buckets({ dev: 'x4', master: 'x9', nhid: 3 }), 'RTM_GETNEXTHOPBUCKET', { oif: 4, master: 9, bucket: { nhid: 3 } }, 'ip nexthop bucket show'],
  [nexthop.getBucket(3, 5), 'RTM_GETNEXTHOPBUCKET', { id: 3, bucket: { index: 5 } }, 'ip nexthop bucket get id 3 index 5'],
  [nexthop.add({ gateway: '192.0.2.1', dev: 'x4', flags: { onlink: true } }), 'RTM_NEWNEXTHOP', { oif: 4, flags: { onlink: true } }, 'ip nexthop add via 192.0.2.1'],
  [nexthop.delete({ id: 4 }), 'RTM_DELNEXTHOP', { id: 4 }, 'ip nexthop delete id 4'],
  [rule.add({ dst: '192.0.2.0/24', fwmark: 5, priority: 9, action: 'goto', goto: 20, flags: { invert: true } }), 'RTM_NEWRULE', { goto: 20, priority: 9 }, 'ip rule add not from all to 192.0.2.0/24 fwmark 5 priority 9 goto 20'],
  [stats.set('x4', { l3Stats: true }), 'RTM_SETSTATS', { index: 4 }, 'ip stats set dev x4 l3_stats on'],
  [stats.set('x4', { l3Stats: false }), 'RTM_SETSTATS', { index: 4 }, 'ip stats set dev x4 l3_stats off'],
  [qdisc.add('x4', { kind: 'mqprio', options: undefined as never }), 'RTM_NEWQDISC', { kind: 'mqprio' }],
  [qdisc.link('x4', { kind: 'pfifo', handle: '2:' }), 'RTM_NEWQDISC', { index: 4, handle: '2:' }],
  [filter.get('x4', { parent: '1:', prio: 3, kind: 'u32', handle: '800::800' }), 'RTM_GETTFILTER', { index: 4, prio: 3, protocol: 'all', kind: 'u32' }],
  [action.list('gact', { since: 500 }), 'RTM_GETACTION', { timeDelta: 500 }, 'tc -s actions list action gact since 500'],
  [action.delete({ kind: 'gact', options: { index: 5 } } as never), 'RTM_DELACTION', { actions: [{ kind: 'gact', index: 5 }] }, 'tc actions delete action gact index 5'],
  [action.get({ kind: 'gact', index: 5 }), 'RTM_GETACTION', { actions: [{ kind: 'gact', index: 5 }] }, 'tc actions get action gact index 5'],
  [filter.change('x4', { parent: '1:', prio: 3, kind: 'matchall', handle: 1 }), 'RTM_NEWTFILTER', { index: 4, prio: 3, kind: 'matchall' }],
  [filter.list('x4', { terse: true }), 'RTM_GETTFILTER', { index: 4, dumpFlags: { terse: true } }],
  [classes.delete('x4', { handle: '1:2' } as never), 'RTM_DELTCLASS', { index: 4, handle: '1:2' }],
];

for (const [operation, name, value, command] of cases) {
  const [cName, found, told] = sent(operation);
  test(`${cName} of ${told ?? name}`, () => {
    assert.is(cName, name);
    for (const [key, one] of Object.entries(value)) assert.equal(found[key], one, key);
    if (command !== undefined) assert.is(told, command);
  });
}

test('what is listed is kept by every word of the filter', () => {
  const kept = (operation: Operation<unknown>, items: readonly object[]): number => {
    const { answer, request } = exchangeOf(operation);
    return items.filter((item) => {
      const w = new Writer();
      w.take(16);
      w.full = true;
      (answer.reply ?? request).encode(w, item);
      return answer.read(memoryOf(Uint8Array.from(w.written())), 0, w.at, 0) !== undefined;
    }).length;
  };
  const routes = [{ family: 'inet', dst: 'default', gateway: '192.0.2.1', oif: 4, scope: 'global' }, { family: 'inet', dst: '10.0.0.0/8', scope: 'link', multipath: [{ oif: 5, gateway: '192.0.2.2' }] }];
  for (const [filter, count] of [[{ scope: 'link' }, 1], [{ dev: 'x5' }, 1], [{ dev: 'x6' }, 0], [{ gateway: '192.0.2.2' }, 1], [{ gateway: '192.0.2.9' }, 0], [{ dst: '0.0.0.0/0' }, 2], [{ dst: '::/0' }, 0]] as const)
    assert.is(kept(route.list(filter as never), routes), count, JSON.stringify(filter));
  const nexthops = [{ family: 'inet', id: 1, protocol: 'static', oif: 4 }, { family: 'inet', id: 2, protocol: 'zebra', oif: 5, fdb: true }];
  for (const [filter, count] of [[{ protocol: 'zebra' }, 1], [{ dev: 'x4' }, 1], [{ fdb: true }, 1], [{ groups: true }, 0]] as const)
    assert.is(kept(nexthop.list(filter as never), nexthops), count, JSON.stringify(filter));
  const rules = [{ family: 'inet', priority: 5, action: 'lookup', protocol: 'static' }, { family: 'inet', priority: 6, action: 'prohibit' }];
  for (const [filter, count] of [[{ action: 'prohibit' }, 1], [{ protocol: 'static' }, 1], [{ priority: 6 }, 1]] as const)
    assert.is(kept(rule.list(filter as never), rules), count, JSON.stringify(filter));
  const entries = [{ family: 'bridge', index: 4, lladdr: '02:00:00:00:00:01', vlan: 7, state: 'permanent' }, { family: 'bridge', index: 4, lladdr: '02:00:00:00:00:02', state: 'reachable' }];
  for (const [filter, count] of [[{ vlan: 7 }, 1], [{ state: 'permanent' }, 1], [{ lladdr: '02:00:00:00:00:02' }, 1]] as const)
    assert.is(kept(fdb.list(filter as never), entries), count, JSON.stringify(filter));
  const neighs = [{ family: 'inet', index: 4, dst: '192.0.2.1', state: 'stale' }, { family: 'inet6', index: 5, dst: 'fd00::1', state: 'permanent' }, { family: 'inet', index: 4, dst: '192.0.2.9', flags: { proxy: true } }];
  for (const [filter, count] of [[{}, 2], [{ dev: 'x4' }, 1], [{ family: 'inet6' }, 1], [{ state: 'stale' }, 1], [{ dst: 'fd00::1' }, 1], [{ proxy: true }, 1]] as const)
    assert.is(kept(neigh.list(filter as never), neighs), count, JSON.stringify(filter));
  const filters = [{ index: 4, kind: 'u32', prio: 3, protocol: 'ip' }, { index: 4, kind: 'flower', prio: 3, protocol: 'all', chain: 5 }];
  for (const [filters_, count] of [[{ kind: 'u32' }, 1], [{ chain: 0 }, 1], [{ chain: 5 }, 1], [{ chain: 6 }, 0], [{ prio: 3 }, 2], [{ prio: 4 }, 0], [{ protocol: 'all' }, 1]] as const)
    assert.is(kept(filter.list('x4', filters_ as never), filters), count, JSON.stringify(filters_));
  const groups = [{ family: 'inet6', index: 4, multicast: 'ff02::1' }, { family: 'inet', index: 5, multicast: '224.0.0.1' }];
  for (const [filter, count] of [[{}, 2], [{ dev: 'x4' }, 1], [{ family: 'inet' }, 1], [{ dev: 'x4', family: 'inet' }, 0]] as const)
    assert.is(kept(addr.multicast(filter), groups), count, JSON.stringify(filter));
  for (const operation of [mdb.list({ dev: 'x4' }), vlan.tunnels({ dev: 'x4' }), vlan.mst({ dev: 'x4' })])
    assert.is(kept(operation, [{ family: 'bridge', index: 4 }, { family: 'bridge', index: 5 }]), 1);
});

test('a bridge whose tables are empty has nothing in any list', () => {
  for (const { operation, answer } of [mdb.list(), mdb.routers(), vlan.list(), vlan.globals(), vlan.tunnels(), vlan.mst()].map(exchangeOf))
    assert.equal(answer.finish([{ index: 9 }]), [], operation);
  assert.equal(exchangeOf(mdb.list()).answer.finish([{ index: 9, entries: [{}] }]), []);
  assert.equal(exchangeOf(vlan.list()).answer.finish([{ index: 9, entries: [{ state: 'forwarding' }] }]), [{ index: 9, vid: 0, state: 'forwarding' }]);
  assert.equal(exchangeOf(vlan.globals()).answer.finish([{ index: 9, globals: [{ vid: 7, mcastSnooping: true }] }]), [{ vid: 7, mcastSnooping: true, index: 9 }]);
  assert.equal(exchangeOf(vlan.list()).answer.finish([{ index: 9, entries: [{ info: { vid: 7, flags: { pvid: true, untagged: true } }, range: 9 }] }]), [{ index: 9, vid: 7, vidEnd: 9, pvid: true, untagged: true }]);
  assert.equal(exchangeOf(vlan.tunnels()).answer.finish([{ index: 9, afSpec: { vlanTunnels: [{}] } }]), [{ index: 9, vid: 0, id: 0 }]);
  assert.equal(exchangeOf(vlan.mst()).answer.finish([{ index: 9, afSpec: { mst: { entries: [{ state: 'forwarding' }] } } }, { index: 10, afSpec: { mst: {} } }]), [{ index: 9, msti: 0, state: 'forwarding' }]);
  const { answer } = exchangeOf(action.list('gact')), nothing = new Writer();
  nothing.take(20);
  assert.equal(answer.finish([answer.read(memoryOf(Uint8Array.from(nothing.written())), 0, 20, 0)]), []);
});

test('what cannot be is refused by the field that is wrong', () => {
  const any = 7n as never, cases: readonly [() => Operation<unknown>, string][] = [
    [() => fdb.get({ lladdr: '02:00:00:00:00:01' }), 'master'],
    [() => fdb.add({ dev: 'x4' } as never), 'lladdr'], [() => fdb.add(undefined as never), 'lladdr'],
    [() => mdb.add(undefined as never), 'entry'], [() => mdb.add({ port: 'x4', group: '239.1.1.1' }), 'dev'], [() => mdb.add({ dev: 'x9', port: 'x4', group: any }), 'entry.group'],
    [() => vlan.add('x4', 0), 'vid'], [() => vlan.add('x4', { from: 5, to: 4 }), 'vid'], [() => vlan.add('x4', undefined as never), 'vid'], [() => vlan.add('x4', { from: 5, to: 9 }, { pvid: true }), 'pvid'],
    [() => nsid.set({ fd: 5 }, any), 'nsid'],
    [() => neigh.add({ dst: '192.0.2.1', dev: 'x4', family: 'inet6' }), 'family'], [() => neigh.add({ dst: '192.0.2.1' }), 'dev'],
    [() => neigh.add({ dst: '192.0.2.0/24', dev: 'x4' }), 'dst'], [() => neigh.add(undefined as never), 'dst'],
    [() => nexthop.add(null as never), 'nexthop'], [() => nexthop.delete(0), 'id'], [() => nexthop.delete(undefined as never), 'id'],
    [() => rule.add(null as never), 'rule'], [() => rule.add({ sport: { start: 9, end: 8 } } as never), 'sport'],
    [() => route.add(null as never), 'route'], [() => route.add({ dst: '10.0.0.0/8', multipath: any }), 'multipath'],
    [() => route.add({ dst: '10.0.0.0/8', multipath: [] }), 'multipath'],
    [() => route.add({ dst: '10.0.0.0/8', gateway: '::1' }), 'gateway'],
    [() => route.add({ dst: '10.0.0.0/8', dev: 'x4', metrics: { rtt: -1 } } as never), 'metrics.rtt'],
    [() => route.add({ dst: '10.0.0.0/8', dev: 'x4', encapType: 'mpls', encap: { dst: [] } } as never), 'encap'],
    [() => addr.add('x4', null as never), 'address'], [() => addr.add('x4', { address: '192.0.2.1/24', peer: '192.0.2.2/25' }), 'peer'],
    [() => addr.add('x4', { address: '192.0.2.1/24', preferredLft: 9, validLft: 8 }), 'preferredLft'],
    [() => addr.add('x4', { address: '192.0.2.1/24', family: 'inet6' } as never), 'family'],
    [() => link.add({ name: 'x', kind: 'vlan', link: 'x4', options: { id: any } } as never), 'options.id'],
    [() => qdisc.add('x4', { kind: 'red', options: { avpkt: 1000 } } as never), 'options.limit'],
    [() => qdisc.add('x4', { kind: 'red', options: { limit: 1000 } } as never), 'options.avpkt'],
    [() => qdisc.add('x4', { kind: 'tbf', options: { burst: 1000 } } as never), 'options.rate'],
    [() => qdisc.add('x4', { kind: 'tbf', options: { rate: 1000 } } as never), 'options.burst'],
    [() => qdisc.add('x4', { kind: 'tbf', options: { rate: 1000, burst: 1000, limit: 100, peakrate: 2000 } } as never), 'options.mtu'],
    [() => action.add({ kind: 'police', options: { rate: -1, burst: 5 } } as never), 'actions[0].options.rate'],
  ];
  const found = cases.map(([make]) => {
    try {
      const [name] = sent(make());
      return `${name} was written`;
    } catch (error) {
      return error instanceof EncodeError ? error.field : String((error as Error).stack);
    }
  });
  assert.equal(found, cases.map(([, field]) => field));
});

test.run();
