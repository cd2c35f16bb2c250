import assert from 'node:assert/strict';
import type { Addr } from '../../src/route/addr/message.ts';
import { waitForDad } from '../../src/route/addr/ready.ts';
import { refused, scenario, upPair, v0, v1, type Scenarios } from '../scenario.ts';

const texts = (addresses: readonly Addr[]): string[] => addresses.map(({ address }) => address);
const give = (...words: string[]): string[] => [...upPair, ...words.map((word) => `ip address add ${word} dev v0`)];

export const scenarios: Scenarios = {
  'list-empty': scenario('A new namespace has no addresses', [], async (nl) => assert.deepEqual(await nl.addr.list(), [])),
  'list-many': scenario('Addresses of both families with label, broadcast address, peer, lifetimes and metric', give(
    '172.24.133.39/24 broadcast + label v0:lan', '10.0.0.1 peer 10.0.0.2/32', '10.9.0.1/16 valid_lft 1000 preferred_lft 900 metric 7',
    'fc00::1/64 nodad', 'fc01::1/64 nodad noprefixroute preferred_lft 0'), async (nl) => {
      const [first, ...others] = await nl.addr.list();
      assert.deepEqual([first!.address, first!.broadcast, first!.label, first!.validLft], ['172.24.133.39/24', '172.24.133.255', 'v0:lan', 'forever']);
      assert.deepEqual(others.map(({ address, peer, metric, flags }) => [address, peer, metric, flags.deprecated ?? false]), [
        ['10.0.0.1/32', '10.0.0.2/32', undefined, false], ['10.9.0.1/16', undefined, 7, false],
        ['fc01::1/64', undefined, undefined, true], ['fc00::1/64', undefined, undefined, false],
      ]);
    }),
  'list-dev': scenario('The kernel lists the addresses of one link', [...give('10.0.0.1/24', 'fc00::1/64 nodad'), 'ip address add 10.0.1.1/24 dev v1'], async (nl) => {
    assert.deepEqual(texts(await nl.addr.list({ dev: 'v0' })), ['10.0.0.1/24', 'fc00::1/64']);
  }),
  'list-family': scenario('The kernel lists the addresses of one family', give('10.0.0.1/24', 'fc00::1/64 nodad'), async (nl) => {
    assert.deepEqual(texts(await nl.addr.list({ family: 'inet6' })), ['fc00::1/64']);
  }),
  'list-gone': scenario('The addresses of a link that is not there', [], (nl) => refused(nl.addr.list({ dev: 'nope' }), 'ENODEV')),
  'add-ipv4': scenario('ip address add 172.24.133.39/24 broadcast + dev v0', upPair, async (nl) => {
    await nl.addr.add('v0', { address: '172.24.133.39/24', broadcast: 'auto' });
    assert.deepEqual(texts(await nl.addr.list({ dev: v0 })), ['172.24.133.39/24']);
  }),
  'add-ipv6': scenario('An IPv6 address without duplicate detection', upPair, async (nl) => {
    await nl.addr.add(v0, { address: 'fc00::1/64', flags: { nodad: true } });
    assert.deepEqual((await nl.addr.list({ dev: v0 })).map(({ address, flags }) => [address, flags.tentative ?? false]), [['fc00::1/64', false]]);
  }),
  'add-peer': scenario('An address with another one at the far end, with label, metric and lifetimes', upPair, async (nl) => {
    await nl.addr.add(v0, { address: '10.0.0.1', peer: '10.0.0.2', label: 'v0:far', metric: 5, validLft: 300, preferredLft: 200 });
    const [addr] = await nl.addr.list({ dev: v0 });
    assert.deepEqual([addr!.address, addr!.peer, addr!.label, addr!.metric, addr!.validLft], ['10.0.0.1/32', '10.0.0.2/32', 'v0:far', 5, 300]);
  }),
  'add-secondary': scenario('A second address of the same prefix is a secondary one', give('10.0.0.1/24'), async (nl) => {
    await nl.addr.add(v0, '10.0.0.2/24');
    assert.deepEqual(texts(await nl.addr.list({ flags: { secondary: true } })), ['10.0.0.2/24']);
  }),
  'add-exists': scenario('An address that the link has', give('10.0.0.1/24'), (nl) => refused(nl.addr.add(v0, '10.0.0.1/24'), 'EEXIST')),
  'add-multicast': scenario('A link cannot have a multicast address', upPair, (nl) => refused(nl.addr.add(v0, 'ff02::1234/64'), 'EADDRNOTAVAIL')),
  'add-gone': scenario('An address for a link that is not there', [], async (nl) => {
    await refused(nl.addr.add('nope', '10.0.0.1/24'), 'ENODEV');
    await refused(nl.addr.add(99, '10.0.0.1/24'), 'ENODEV');
  }),
  'add-bad': scenario('What is wrong with an address is said before anything is sent', [], async (nl) => {
    for (const address of ['10.0.0.1/33', '10.0.0.256/8', 'fc00::g/64', '']) await refused(nl.addr.add('lo', address), 'ERR_ENCODE');
    await refused(nl.addr.add('lo', { address: '10.0.0.1/24', peer: 'fc00::1' }), 'ERR_ENCODE');
    assert.deepEqual(await nl.addr.list(), []);
  }),
  'add-plain-user': {
    ...scenario('A plain user may not give a link an address', [], (nl) => refused(nl.addr.add(1, '10.0.0.1/24'), 'EPERM')),
    plain: true,
  },
  'replace': scenario('The lifetimes of an address are changed; one that was not there is made', give('10.0.0.1/24'), async (nl) => {
    await nl.addr.replace(v0, { address: '10.0.0.1/24', validLft: 500, preferredLft: 400 });
    await nl.addr.replace(v0, '10.0.1.1/24');
    assert.deepEqual((await nl.addr.list({ dev: v0 })).map(({ address, validLft }) => [address, validLft]), [['10.0.0.1/24', 500], ['10.0.1.1/24', 'forever']]);
  }),
  'replace-gone': scenario('An address of a link that is not there', [], (nl) => refused(nl.addr.replace(99, '10.0.0.1/24'), 'ENODEV')),
  'delete': scenario('An address is deleted, then the link has it no more', give('10.0.0.1/24', 'fc00::1/64 nodad'), async (nl) => {
    await nl.addr.delete('v0', '10.0.0.1/24');
    await nl.addr.delete(v0, 'fc00::1');
    await refused(nl.addr.delete(v0, '10.0.0.1/24'), 'EADDRNOTAVAIL');
  }),
  'delete-primary': scenario('With a primary address its secondaries go', give('10.0.0.1/24', '10.0.0.2/24', '10.0.1.1/24'), async (nl) => {
    await nl.addr.delete(v0, '10.0.0.1/24');
    assert.deepEqual(texts(await nl.addr.list({ dev: v0 })), ['10.0.1.1/24']);
  }),
  'flush': scenario('All addresses of a link are deleted, secondaries among them', give('10.0.0.1/24', '10.0.0.2/24', 'fc00::1/64 nodad'), async (nl) => {
    assert.equal(await nl.addr.flush(v0), 3);
    assert.equal(await nl.addr.flush(v0), 0);
  }),
  'flush-gone': scenario('The addresses of a link that is not there are deleted', [], (nl) => refused(nl.addr.flush('nope'), 'ENODEV')),
  'ensure': scenario('An address is made sure of: first it was not there, then it was', upPair, async (nl) => {
    assert.equal((await nl.addr.ensure(v0, '10.0.0.1/24')).address, '10.0.0.1/24');
    assert.equal((await nl.addr.ensure(v0, { address: '10.0.0.1/24', validLft: 60, preferredLft: 60 })).validLft, 60);
  }),
  'ensure-other': scenario('An address is made sure of: it is there with another label', give('10.0.0.1/24 label v0:a'), (nl) =>
    refused(nl.addr.ensure(v0, { address: '10.0.0.1/24', label: 'v0:b' }), 'EEXIST')),
  'ready': scenario('An event tells that duplicate detection has ended', upPair, async (nl) => {
    await nl.addr.add(v0, 'fc00::1/64');
    assert.deepEqual((await waitForDad(nl, v0)).map(({ address, flags }) => [address, flags.tentative ?? false]), [['fc00::1/64', false]]);
  }),
  'ready-duplicate': scenario('Another host on the link has the address', [...upPair, 'ip address add fc00::1/64 dev v1 nodad'], async (nl) => {
    await nl.addr.add(v0, 'fc00::1/64');
    await refused(waitForDad(nl, v0), 'EADDRINUSE');
  }),
  'multicast': scenario('The groups that a link listens to', upPair, async (nl) => {
    const groups = await nl.addr.multicast({ dev: v1, family: 'inet6' });
    assert.ok(groups.some(({ multicast }) => multicast === 'ff02::1'));
  }),
};
