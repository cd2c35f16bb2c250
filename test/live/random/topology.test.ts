import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Neigh } from '../../../src/route/neigh/message.ts';
import type { Route } from '../../../src/route/route/message.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { dice, eventually, json, sh } from '../../support/witness.ts';

const nl = openRoute();
test.after(() => nl.close());

/** What a namespace holds, in words that do not depend on who says it. */
type Picture = readonly string[];

const bare = (network: string): string => network.replace(/\/(32|128)$/, '');
const words = (...parts: unknown[]): string => parts.map((part) => part ?? '-').join(' ');

/** As ip and bridge tell it. */
function theirs(): Picture {
  const addresses = json('ip', 'address show').flatMap(({ ifname, addr_info }) =>
    addr_info.map((a: any) => words('addr', ifname, a.family, `${a.local}/${a.prefixlen}`, a.label, a.scope)));
  const routes = ['-4', '-6'].flatMap((family) => json('ip', `${family} route show table all`).map((r) =>
    words('route', bare(r.dst), r.gateway, r.dev, r.table ?? 'main', r.metric, r.protocol, r.type, r.prefsrc,
      (r.nexthops ?? []).map((hop: any) => `${hop.gateway}@${hop.dev}*${hop.weight}`).join())));
  const neighbours = json('ip', 'neighbour show nud permanent').map((n) => words('neigh', n.dev, n.dst, n.lladdr));
  const forwarding = json('bridge', 'fdb show').filter(({ state }) => state === 'permanent').map((e) => words('fdb', e.ifname, e.mac, e.master));
  return [...addresses, ...routes, ...neighbours, ...forwarding].filter(lasting).sort();
}

/** As we tell it. */
async function ours(): Promise<Picture> {
  const names = new Map((await nl.link.list()).map(({ index, name }) => [index, name]));
  const dev = (index: number | undefined) => (index === undefined ? undefined : names.get(index));
  const [addresses, routes, neighbours, forwarding] = await Promise.all([nl.addr.list(), nl.route.list(), nl.neigh.list({ state: 'permanent' }), nl.fdb.list({ state: 'permanent' })]);
  return [
    ...addresses.map((a) => words('addr', dev(a.index), a.family, a.address, a.label, a.scope)),
    ...routes.filter(({ family }) => family !== 'mpls').map((r) => words('route', bare(r.dst), r.gateway, dev(r.oif), r.table, r.priority, r.protocol, r.type, r.prefsrc,
      (r.multipath ?? []).map((hop) => `${hop.gateway}@${dev(hop.oif)}*${hop.weight}`).join())),
    ...neighbours.map((n) => words('neigh', dev(n.index), n.dst, n.lladdr)),
    ...forwarding.map((e) => words('fdb', dev(e.index), e.lladdr, dev(e.master))),
  ].filter(lasting).sort();
}

/** What the kernel makes and takes away in its own time: link-local addresses, multicast and their routes. */
const lasting = (line: string): boolean => !/ (fe80:|ff00:|ff02:|33:33:|01:00:5e)/.test(line);

/** Commands that make a topology: pairs of links, bridges over some, addresses, neighbours, routes. */
function invent(seed: number): string[] {
  const roll = dice(seed), pairs = 2 + roll(4), lines: string[] = ['ip link set lo up'];
  for (let i = 0; i < pairs; i++) {
    lines.push(`ip link add p${i} address 02:00:00:00:00:1${i} type veth peer name q${i} address 02:00:00:00:00:2${i}`, `ip link set p${i} up`, `ip link set q${i} up`);
    if (roll(3) === 0) lines.push(`ip link add br${i} address 02:00:00:00:00:3${i} type bridge`, `ip link set br${i} up`, `ip link set q${i} master br${i}`, `bridge fdb add 02:aa:00:00:00:0${i} dev q${i} master static`);
    lines.push(`ip address add 10.${i}.0.1/${16 + roll(9)} dev p${i}${roll(2) ? ` label p${i}:x` : ''}`);
    if (roll(2)) lines.push(`ip address add 10.${i}.0.2/32 dev p${i}`);
    lines.push(`ip address add fc0${i}::1/64 dev p${i} nodad`);
    for (let n = roll(4); n > 0; n--) lines.push(`ip neighbour add 10.${i}.0.${9 + n} lladdr 02:00:00:00:01:0${n} dev p${i}`);
    if (roll(2)) lines.push(`ip neighbour add fc0${i}::9 lladdr 02:00:00:00:01:09 dev p${i}`);
    for (let n = roll(4); n > 0; n--) lines.push(`ip route add 172.${16 + i}.${n}.0/24 via 10.${i}.0.${100 + n} metric ${1 + roll(99)}${roll(3) ? '' : ' proto static'}${roll(3) ? '' : ` table ${100 + n}`}`);
    if (roll(2)) lines.push(`ip -6 route add fd0${i}::/64 via fc0${i}::99 metric ${1 + roll(99)}`);
    if (roll(3) === 0) lines.push(`ip route add 192.168.${i}.0/24 nexthop via 10.${i}.0.200 weight ${1 + roll(9)} nexthop via 10.${i}.0.201 weight 1`);
  }
  lines.push(`ip route add default via 10.0.0.254`, 'ip route add blackhole 203.0.113.0/24');
  return lines;
}

/**
 * Whether each IPv6 address has its local route: the kernel makes it when it has heard that the link has a carrier, and
 * that in its own time.
 */
const settled = (picture: Picture): boolean => picture.every((line) => {
  const [, address] = /^addr \S+ inet6 (fc[^/]+)\//.exec(line) ?? [];
  return address === undefined || picture.some((other) => other.startsWith(`route ${address} `) && other.includes(' local '));
});

const run = (line: string): string => sh(line.split(' ')[0]!, line.slice(line.indexOf(' ') + 1));

for (const seed of [11, 23, 47, 89]) {
  test(`topology ${seed}: made by ip and read by us, made by us and read by ip`, async () => {
    if (!installed('ip') || !installed('bridge')) return skip('iproute2 is not installed');
    invent(seed).forEach(run);
    await eventually(() => settled(theirs()));
    const told = theirs();
    assert.ok(told.length > 20, String(told.length));
    assert.equal(await ours(), told);

    // what we listed is taken away, and made again from that
    const addresses = (await nl.addr.list()).filter(({ address }) => !/^(fe80:|127\.|::1)/.test(address));
    const neighbours = await nl.neigh.list({ state: 'permanent' }), entries = (await nl.fdb.list({ state: 'permanent' })).filter(({ lladdr }) => lladdr!.startsWith('02:aa'));
    const routes = (await nl.route.list()).filter(({ protocol, family }) => protocol !== 'kernel' && family !== 'mpls' && protocol !== 'ra') as Route[];
    for (const entry of entries) await nl.fdb.delete(entry);
    for (const neighbour of neighbours) await nl.neigh.delete(neighbour as Neigh);
    for (const route of routes) await nl.route.delete(route);
    for (const index of new Set(addresses.map((addr) => addr.index))) await nl.addr.flush(index, { flags: { permanent: true } });
    assert.ok(theirs().length < told.length / 2);
    await nl.batch((b) => addresses.map(({ index, ...addr }) => b.addr.add(index, { ...addr, ...(addr.family === 'inet6' ? { flags: { nodad: true } } : {}) })));
    await nl.route.restore(routes);
    await nl.batch((b) => neighbours.map((neighbour) => b.neigh.add(neighbour as Neigh)));
    await nl.batch((b) => entries.map((entry) => b.fdb.add(entry)));
    await eventually(() => settled(theirs()));
    assert.equal(theirs(), told);
    assert.equal(await ours(), told);

    for (const link of await nl.link.list()) if (link.kind !== undefined) await nl.link.delete(link).catch((error: { code?: string }) => assert.is(error.code, 'ENODEV'));
    await nl.route.flush();
  });
}

test.run();
