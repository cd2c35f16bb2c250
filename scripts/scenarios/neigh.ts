import assert from 'node:assert/strict';
import { refused, scenario, upPairWithAddresses, v0, type Scenarios } from '../scenario.ts';

const known = [...upPairWithAddresses, 'ip neighbour add 172.24.133.7 lladdr 02:00:00:00:00:07 dev v0', 'ip neighbour add fc00::7 lladdr 02:00:00:00:00:07 dev v0 nud stale'];

export const scenarios: Scenarios = {
  'list-empty': scenario('A new namespace has no neighbours', [], async (nl) => assert.deepEqual(await nl.neigh.list(), [])),
  'list-many': scenario('Neighbours of both families', known, async (nl) => {
    const neighbours = (await nl.neigh.list()).filter(({ state }) => state !== 'noarp');
    assert.deepEqual(neighbours.map(({ dst, lladdr, state }) => [dst, lladdr, state]).sort(),
      [['172.24.133.7', '02:00:00:00:00:07', 'permanent'], ['fc00::7', '02:00:00:00:00:07', 'stale']]);
  }),
  'list-dev': scenario('The kernel lists the neighbours on one link', known, async (nl) => {
    assert.deepEqual((await nl.neigh.list({ dev: 'v0', family: 'inet' })).map(({ dst }) => dst), ['172.24.133.7']);
  }),
  'list-gone': scenario('The neighbours on a link that is not there', [], (nl) => refused(nl.neigh.list({ dev: 'nope' }), 'ENODEV')),
  'get': scenario('One neighbour, and one that is not known', known, async (nl) => {
    assert.equal((await nl.neigh.get({ dst: '172.24.133.7', dev: v0 })).lladdr, '02:00:00:00:00:07');
    await refused(nl.neigh.get({ dst: '172.24.133.8', dev: v0 }), 'ENOENT');
  }),
  'add': scenario('ip neighbour add ADDRESS lladdr LLADDR dev v0, for both families', upPairWithAddresses, async (nl) => {
    await nl.neigh.add({ dst: '172.24.133.7', lladdr: '02:00:00:00:00:07', dev: 'v0' });
    await nl.neigh.add({ dst: 'fc00::7', lladdr: '02:00:00:00:00:07', dev: v0, state: 'reachable', flags: { router: true } });
    assert.equal((await nl.neigh.get({ dst: 'fc00::7', dev: v0 })).flags.router, true);
  }),
  'add-exists': scenario('A neighbour that is known', known, (nl) =>
    refused(nl.neigh.add({ dst: '172.24.133.7', lladdr: '02:00:00:00:00:08', dev: v0 }), 'EEXIST')),
  'add-gone': scenario('A neighbour on a link that is not there', [], (nl) =>
    refused(nl.neigh.add({ dst: '172.24.133.7', lladdr: '02:00:00:00:00:07', dev: 99 }), 'ENODEV')),
  'replace': scenario('A neighbour gets another link-layer address; one that was not known is made', known, async (nl) => {
    await nl.neigh.replace({ dst: '172.24.133.7', lladdr: '02:00:00:00:00:08', dev: v0 });
    await nl.neigh.replace({ dst: '172.24.133.9', lladdr: '02:00:00:00:00:09', dev: v0 });
    assert.equal((await nl.neigh.get({ dst: '172.24.133.7', dev: v0 })).lladdr, '02:00:00:00:00:08');
  }),
  'change-gone': scenario('A neighbour that is not known is changed', upPairWithAddresses, (nl) =>
    refused(nl.neigh.change({ dst: '172.24.133.7', lladdr: '02:00:00:00:00:07', dev: v0 }), 'ENOENT')),
  'delete': scenario('A neighbour is forgotten, then it is not known', known, async (nl) => {
    await nl.neigh.delete({ dst: '172.24.133.7', dev: v0 });
    await refused(nl.neigh.delete({ dst: '172.24.133.9', dev: v0 }), 'ENOENT');
  }),
  'proxy': scenario('This host answers for an address, then no more', upPairWithAddresses, async (nl) => {
    const proxy = { dst: '172.24.133.50', dev: v0, flags: { proxy: true } } as const;
    await nl.neigh.add(proxy);
    assert.deepEqual((await nl.neigh.list({ proxy: true, family: 'inet' })).map(({ dst }) => dst), ['172.24.133.50']);
    await nl.neigh.delete(proxy);
    await refused(nl.neigh.delete(proxy), 'ENOENT');
  }),
  'flush': scenario('Neighbours are forgotten, the permanent ones are not', known, async (nl) => {
    assert.equal(await nl.neigh.flush({ dev: v0, family: 'inet6' }), 1);
    assert.equal(await nl.neigh.flush({ dev: v0, family: 'inet' }), 0);
  }),
};
