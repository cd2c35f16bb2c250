import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { as, badly, conf, lacksNat, left, linksOf, state, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

test.before(() => ['c1', 'c2'].forEach((name) => netns.create(name)));
test.after(() => ['c1', 'c2'].forEach((name) => netns.delete(name)));
test.after.each(() => {
  assert.equal(left(), []);
  assert.equal([...linksOf('c1'), ...linksOf('c2')], []);
});

const ips = (...all: string[]) => conf({ runtimeConfig: { ips: all } });
const ports = (...all: object[]) => conf({ runtimeConfig: { portMappings: all } });

/** What is asked, the code of the specification or of ours, and a word of the sentence. */
const refused: readonly [what: string, code: number, word: RegExp, config: unknown, more?: object][] = [
  ['malformed JSON', 6, /no JSON/, '{'],
  ['a list instead of an object', 6, /no JSON object/, '[]'],
  ['nothing at all', 6, /no JSON/, ''],
  ['an unknown version', 1, /9\.9\.9/, conf({ cniVersion: '9.9.9' })],
  ['no version', 1, /0\.1\.0/, { name: 'web' }],
  ['a version that is no text', 7, /cniVersion/, conf({ cniVersion: 1 })],
  ['a bad name', 7, /name/, conf({ name: '../x' })],
  ['an unknown mode', 2, /teleport/, conf({ mode: 'teleport' })],
  ['an MTU that cannot be', 7, /mtu/, conf({ mtu: 12 })],
  ['a VLAN that cannot be', 7, /vlan/, conf({ vlan: 4095 })],
  ['a parent that lacks', 7, /parent/, conf({ mode: 'macvlan' })],
  ['a parent that does not exist', 102, /em9/, conf({ mode: 'macvlan', parent: 'em9' })],
  ['a parent of a bridge that does not exist', 102, /em9/, conf({ mode: 'lan', bridge: 'br7', parent: 'em9' })],
  ['a bridge that is none', 102, /lo is no bridge/, conf({ mode: 'lan', bridge: 'lo' })],
  ['a device that does not exist', 102, /em9/, conf({ mode: 'host-device', device: 'em9' })],
  ['ports without a result before', 7, /prevResult/, conf({ mode: 'ports' })],
  ['a subnet that is none', 7, /subnet/, conf({ ipam: { type: 'netlink-ts', subnet: '10.0.0.0' } })],
  ['an IPAM plugin that does not exist', 7, /no-such/, conf({ ipam: { type: 'no-such' } })],
  ['an IPAM plugin by its path', 7, /name of a program/, conf({ ipam: { type: '../bin/sh' } })],
  ['a port that cannot be', 7, /portMappings\[0\]/, ports({ hostPort: 70000, containerPort: 80 })],
  ['a protocol that cannot be', 7, /icmp/, ports({ hostPort: 80, containerPort: 80, protocol: 'icmp' })],
  ['a MAC address that is none', 7, /mac/, conf({ mac: 'zz' })],
  ['the address of the gateway', 101, /gateway/, ips('10.88.0.1')],
  ['an address of another network', 101, /10\.99\.0\.7/, ips('10.99.0.7')],
  ['something that is no address', 101, /elsewhere/, ips('elsewhere')],
  ...['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'].map((name) =>
    [`no ${name}`, 4, new RegExp(name), conf(), { [name]: '' }] as [string, number, RegExp, unknown, object]),
  ['no command', 4, /CNI_COMMAND/, conf(), { CNI_COMMAND: undefined }],
  ['an unknown command', 4, /FOO/, conf(), { CNI_COMMAND: 'FOO' }],
  ['a name too long', 4, /15 bytes/, conf(), { CNI_IFNAME: 'abcdefghijklmnopqrst' }],
  ['a name with a slash', 4, /slash/, conf(), { CNI_IFNAME: 'a/b' }],
  ['a bad container id', 4, /CNI_CONTAINERID/, conf(), { CNI_CONTAINERID: '-x' }],
  ['arguments that are no pairs', 4, /CNI_ARGS/, conf(), { CNI_ARGS: 'x' }],
  ['a namespace that is gone', 3, /gone/, conf(), { CNI_NETNS: '/run/netns/gone' }],
  ['a namespace that is none', 8, /passwd/, conf(), { CNI_NETNS: '/etc/passwd' }],
  ['the host\'s own namespace', 8, /own namespace/, conf(), { CNI_NETNS: '/proc/self/ns/net' }],
];
for (const [what, code, word, config, more] of refused)
  test(`ADD with ${what}: ${code}`, async () => assert.match(await badly(code, 'ADD', config, more), word));

test('an address in use: 101, and its owner keeps it', async () => {
  const result = await well('ADD', ips('10.88.0.77'));
  assert.match(await badly(101, 'ADD', ips('10.88.0.77'), as('c2')), 'in use by c1');
  await well('CHECK', { ...conf(), prevResult: result });
  await well('DEL', conf());
});

test('a port in use: 102, and nothing of the second is made', async () => {
  const config = ports({ hostPort: 81, containerPort: 80 });
  await well('ADD', config);
  assert.match(await badly(102, 'ADD', config, as('c2')), 'port 81/tcp is published for c1');
  assert.equal(linksOf('c2'), []);
  await well('DEL', config);
});

test('a full pool: 101, until somebody goes', async () => {
  const small = conf({ name: 'small', ipam: { type: 'netlink-ts', subnet: '10.89.0.0/30' } });
  await well('ADD', small);
  assert.match(await badly(101, 'ADD', small, as('c2')), 'no free address');
  await well('DEL', small);
  await well('ADD', small, as('c2'));
  await well('DEL', small, as('c2'));
});

test('a second ADD: 4, and the first is as it was', async () => {
  const result = await well('ADD', conf());
  assert.match(await badly(4, 'ADD', conf()), 'CNI_IFNAME');
  await well('CHECK', { ...conf(), prevResult: result });
  await well('DEL', conf());
});

test('DEL succeeds twice, without a namespace, with one that is gone, and where nothing ever was', async () => {
  const result = await well('ADD', conf());
  await well('DEL', { ...conf(), prevResult: result });
  await well('DEL', { ...conf(), prevResult: result });
  await well('DEL', conf(), { CNI_NETNS: '' });
  await well('DEL', conf(), { CNI_NETNS: '/run/netns/gone' });
  await well('DEL', conf(), { CNI_CONTAINERID: 'never' });
  rmSync(join(state, 'attachments'), { recursive: true, force: true });
  await well('DEL', conf());
});

test('DEL that cannot give the address back says so, and takes the rest', async () => {
  await well('ADD', conf());
  assert.match(await badly(7, 'DEL', conf({ ipam: { type: 'no-such' } })), 'no-such');
  assert.equal(linksOf('c1'), []);
  await well('DEL', conf());
});

test('CHECK without the result of ADD: 7; STATUS without a parent: 50', async () => {
  await badly(7, 'CHECK', conf());
  assert.match(await badly(50, 'STATUS', conf({ mode: 'macvlan', parent: 'em9' })), 'em9');
  await well('STATUS', conf());
  await badly(7, 'GC', conf());
});

const reason = noContainers() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
