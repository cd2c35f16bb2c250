import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathsOf } from '../../../src/container/inspect/path.ts';
import { fakeHost } from '../../support/fake-host.ts';

/* Where a container's interfaces lead, on hosts whose kernels tell this. */
const link = (index: number, name: string, more: object = {}) => ({ index, name, flags: { up: true }, address: `02:00:00:00:00:0${index}`, ...more });
const list = (all: readonly object[] = []) => ({ list: async ({ dev }: { dev?: number } = {}) => all.filter((one) => dev === undefined || (one as { index?: number }).index === dev) });

interface Told {
  readonly links: readonly object[];
  readonly addrs?: readonly object[];
  readonly neighs?: readonly object[];
}
async function paths(container: Told, told: Told & { readonly routes?: readonly object[]; readonly fdb?: readonly object[] }, gateways: readonly string[] = ['10.0.0.1']) {
  const tables = ({ links, addrs, neighs }: Told) => ({ link: list(links), addr: list(addrs), neigh: { list: async () => neighs ?? [] } });
  const host = fakeHost({ nl: { '': { ...tables(told), nsid: { get: async () => 5 }, route: list(told.routes), fdb: list(told.fdb) }, box: tables(container) } });
  return pathsOf(host, host.open('box'), gateways);
}
const lo = link(1, 'lo', { flags: { up: true, loopback: true } });
const eth0 = link(2, 'eth0', { kind: 'veth', link: 7, linkNetnsid: 0 }), v7 = link(7, 'v7', { kind: 'veth', link: 2, linkNetnsid: 5, master: 9 });
const br0 = link(9, 'br0', { kind: 'bridge' }), em1 = link(3, 'em1', { master: 9 });

test('loopback and what is neither up nor has an address are of no use', async () => {
  const down = { flags: {}, kind: 'dummy' }, links = [lo, link(3, 'd0', down), link(4, 'd1', down)];
  const found = await paths({ links, addrs: [{ index: 4, address: 'fe80::4/64' }, { index: 4, address: '192.0.2.4/24' }] }, { links: [] });
  assert.equal(found, [{ name: 'd1', kind: 'dummy', mac: '02:00:00:00:00:04', addresses: ['192.0.2.4/24'], hostLink: undefined, bridge: undefined, uplinks: [] }]);
});

test('a pair is one only with the end that knows the container by its number', async () => {
  for (const [other, hostLink] of [[v7, 'v7'], [{ ...v7, linkNetnsid: 6 }, undefined], [{ ...v7, link: 3 }, undefined], [{ ...v7, kind: 'dummy' }, undefined]] as const)
    assert.equal((await paths({ links: [eth0] }, { links: [other] })).map((path) => path.hostLink), [hostLink]);
  assert.is((await paths({ links: [{ ...eth0, link: 8 }] }, { links: [v7] }))[0]!.hostLink, undefined);
});

test('a macvlan leads to what it lies upon, if that is the host\'s', async () => {
  const upper = link(2, 'eth0', { kind: 'macvlan', link: 3, linkNetnsid: 0 }), at = async (one: object) => {
    const { hostLink, uplinks } = (await paths({ links: [one] }, { links: [link(3, 'em1')] }))[0]!;
    return [hostLink, uplinks];
  };
  assert.equal(await at(upper), ['em1', ['em1']]);
  assert.equal(await at({ ...upper, linkNetnsid: undefined }), [undefined, []]);
});

test('behind a bridge with the gateway\'s address lies the host\'s way out, behind another the port where the gateway was seen', async () => {
  const links = [br0, v7, em1, link(4, 'v8', { kind: 'veth', master: 9 })], bridge = { name: 'br0', addresses: ['10.0.0.1/24'], ports: ['v7', 'em1', 'v8'] };
  const routed = await paths({ links: [eth0] }, { links, addrs: [{ index: 9, address: '10.0.0.1/24' }, { index: 9, address: 'fe80::9/64' }],
    routes: [{ dst: 'default', gateway: '192.0.2.1', oif: 3 }, { gateway: 'fd00::1', oif: 3 }, { dst: 'default', oif: 7 }, { dst: '10.9.0.0/16', gateway: '192.0.2.2', oif: 4 }] });
  assert.equal([routed[0]!.bridge, routed[0]!.uplinks], [bridge, ['em1']]);
  const neighs = [{ dst: '10.0.0.1', lladdr: '02:00:00:00:00:99' }, { lladdr: '02:00:00:00:00:98' }], fdb = [{ index: 4, lladdr: '02:00:00:00:00:99' }, { index: 7, lladdr: '02:00:00:00:00:98' }, { index: 7 }];
  const bridged = await paths({ links: [eth0], neighs }, { links, fdb });
  assert.equal([bridged[0]!.bridge, bridged[0]!.uplinks], [{ ...bridge, addresses: [] }, ['em1', 'v8']]);
  assert.equal((await paths({ links: [eth0] }, { links: [{ ...br0, kind: 'team' }, v7] }))[0]!.bridge, undefined);
});

test.run();
