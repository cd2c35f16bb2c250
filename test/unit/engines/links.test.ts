import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NetlinkError } from '../../../src/errors.ts';
import { find, makeLink, needLink, removeLink, vethPair } from '../../../src/engines/network/links.ts';
import { readSettings } from '../../../src/engines/network/settings.ts';
import type { RouteClient } from '../../../src/open.ts';
import { fakeHost } from '../../support/fake-host.ts';

/** A kernel that refuses what is asked of links with these codes, and counts. */
function refusing(codes: { readonly [name: string]: string }) {
  const asked: string[] = [], link = Object.fromEntries(['get', 'add', 'delete'].map((name) => [name, () => {
    asked.push(name);
    if (codes[name] !== undefined) throw new NetlinkError(codes[name], name);
    return {};
  }]));
  return { nl: { sync: { link } } as unknown as RouteClient, asked };
}
const refused = (code: string) => (error: Error): boolean => (error as NetlinkError).code === code;

test('a link that is not there is none; any other refusal is told', () => {
  const gone = refusing({ get: 'ENODEV', delete: 'ENODEV' }).nl, denied = refusing({ get: 'EPERM', delete: 'EBUSY' }).nl;
  assert.is(find(gone, 'x'), undefined);
  removeLink(gone, 'x');
  assert.throws(() => needLink(gone, 'parent', 'x'), /^parent x: there is no such link$/);
  assert.throws(() => find(denied, 'x'), refused('EPERM'));
  assert.throws(() => removeLink(denied, 'x'), refused('EBUSY'));
});

test('a pair takes the place of a link that was left behind, once, and only of its own name', () => {
  const again = refusing({ add: 'EEXIST' }), inside = refusing({ add: 'EEXIST', get: 'ENODEV' }), denied = refusing({ add: 'EPERM' });
  assert.throws(() => vethPair(again.nl, 'x', { name: 'eth0' }, {}), refused('EEXIST'));
  assert.equal(again.asked, ['add', 'get', 'delete', 'add']);
  assert.throws(() => vethPair(inside.nl, 'x', { name: 'eth0' }, {}), refused('EEXIST'));
  assert.equal(inside.asked, ['add', 'get'], 'the name in the container is taken');
  assert.throws(() => vethPair(denied.nl, 'x', { name: 'eth0' }, {}), refused('EPERM'));
  const { nl } = fakeHost();
  nl.sync.link.add({ name: 'x', kind: 'dummy' });
  vethPair(nl, 'x', { name: 'eth0', mtu: 1400 }, { mtu: 1400 });
  assert.equal(['x', 'eth0'].map((name) => [nl.sync.link.get(name).kind, nl.sync.link.get(name).mtu]), [['veth', 1400], ['veth', 1400]]);
});

test('modes without a pair need a link of the host\'s, or none at all', () => {
  const made: unknown[] = [], nl = { sync: { link: { get: () => ({ index: 3 }), add: (link: object) => void made.push(link), change: (...all: unknown[]) => void made.push(all) } } } as unknown as RouteClient;
  const inside = { name: 'eth0', mac: '02:00:00:00:00:07' };
  for (const [mode, more] of [['macvlan', { parent: 'em1', mtu: 1400 }], ['ipvlan', { parent: 'em1', ipvlanMode: 'l3' }], ['host-device', { device: 'em2' }], ['ports', {}]] as const)
    makeLink(nl, 'x', inside, readSettings('n', { mode, ...more }));
  assert.equal(made, [
    { name: 'eth0', kind: 'macvlan', link: 'em1', mtu: 1400, address: '02:00:00:00:00:07', options: { mode: 'bridge' } },
    { name: 'eth0', kind: 'ipvlan', link: 'em1', options: { mode: 'l3' } }, // has its parent's MAC address
    [3, { name: 'eth0', up: false }],
  ]);
});

test.run();
