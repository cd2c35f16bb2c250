import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/engines/cni/config.ts';
import type { CniError } from '../../../src/engines/cni/errors.ts';
import { ipamOf } from '../../../src/engines/cni/ipam.ts';

const folder = mkdtempSync(join(tmpdir(), 'ipam-'));
test.after(() => rmSync(folder, { recursive: true }));

/** An IPAM plugin that is a program of the shell; what it is asked is in $CNI_COMMAND and on its standard input. */
function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}
const environment = { command: 'ADD', containerId: 'c', netns: '/n', ifname: 'eth0', path: ['/nowhere', folder], args: { A: '1', B: '2' } } as const;
const ipam = (type: string, more: object = {}) =>
  ipamOf(readConfig(JSON.stringify({ cniVersion: '1.1.0', name: 'web', ...(type === '' ? {} : { ipam: { type } }), ...more }), { args: {} }), environment, folder);

async function refused(work: Promise<unknown>): Promise<[number, string, string | undefined]> {
  const { number, message, details } = await work.then(() => assert.unreachable('it should have failed'), (error) => error) as CniError;
  return [number, message, details];
}

test('a program gets the variables, and gives addresses', async () => {
  program('good', 'echo "{ \\"ips\\": [{ \\"address\\": \\"10.0.0.2/24\\" }], \\"dns\\": { \\"domain\\": \\"$CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME $CNI_ARGS\\" } }"');
  assert.equal(await ipam('good').add(), { interfaces: [], ips: [{ address: '10.0.0.2/24' }], routes: [], dns: { domain: 'ADD c eth0 A=1;B=2' } });
  await ipam('good').release();
  await ipam('good').check();
});

test('one that speaks older versions is asked again in the newest of them', async () => {
  program('old', `config=$(cat)
    if [ "$CNI_COMMAND" = VERSION ]; then echo '{ "cniVersion": "0.4.0", "supportedVersions": ["0.3.1", "0.4.0"] }'; exit; fi
    case $config in
      *'"cniVersion":"0.4.0"'*) echo '{ "ips": [{ "version": "4", "address": "10.0.0.3/24" }] }' ;;
      *) echo '{ "code": 1, "msg": "incompatible" }'; exit 1 ;;
    esac`);
  assert.is((await ipam('old').add()).ips[0]!.address, '10.0.0.3/24');
  program('older', `if [ "$CNI_COMMAND" = VERSION ]; then echo '{ "supportedVersions": ["0.4.0"] }'; exit; fi
    grep -q 0.4.0 && { echo '{ "code": 11, "msg": "later" }'; exit 1; }
    echo '{ "code": 1, "msg": "incompatible" }'; exit 1`);
  assert.equal(await refused(ipam('older').add()), [11, 'older: later', undefined]);
  program('oldest', `if [ "$CNI_COMMAND" = VERSION ]; then echo '{}'; exit; fi
    echo '{ "code": 1, "msg": "incompatible", "details": "0.1.0 only" }'; exit 1`);
  assert.equal(await refused(ipam('oldest').add()), [1, 'oldest: incompatible', '0.1.0 only']);
});

test('its error is ours, and what is no answer is told with what it wrote to standard error', async () => {
  program('mute', 'echo broken >&2; exit 3');
  assert.equal(await refused(ipam('mute').add()), [999, 'the IPAM plugin mute failed without an answer', 'broken']);
  program('odd', 'echo no JSON');
  assert.equal((await refused(ipam('odd').add())).slice(0, 2), [6, `${join(folder, 'odd')} answered no JSON`]);
  program('empty', 'exit 0');
  assert.equal((await refused(ipam('empty').add())).slice(0, 2), [101, 'the IPAM plugin empty gave no address']);
  writeFileSync(join(folder, 'flat'), '');
  assert.match((await refused(ipam('flat').add()))[1], /flat cannot be run: .*EACCES/);
});

test('STATUS and GC may be unknown to it, other errors of them are told', async () => {
  program('small', 'echo \'{ "code": 4, "msg": "unknown CNI_COMMAND" }\'; exit 1');
  await ipam('small').status();
  await ipam('small').collect(() => true);
  program('full', 'echo \'{ "code": 50, "msg": "no address is left" }\'; exit 1');
  assert.equal((await refused(ipam('full').status())).slice(0, 2), [50, 'full: no address is left']);
  assert.is((await refused(ipam('full').collect(() => true)))[0], 50);
});

test('without IPAM: the addresses that were asked for, with their prefix lengths', async () => {
  const none = (more: object = {}) => ipam('', more);
  assert.equal((await none().add()).ips, []);
  assert.equal((await none({ addresses: ['10.0.0.9/24'], gatewayAddress: '10.0.0.1' }).add()).ips, [{ address: '10.0.0.9/24', gateway: '10.0.0.1' }]);
  assert.equal((await none({ runtimeConfig: { ips: ['fd00::9/64'] } }).add()).ips, [{ address: 'fd00::9/64' }]);
  assert.match((await refused(none({ runtimeConfig: { ips: ['10.0.0.9'] } }).add()))[1], 'needs its prefix length');
  await Promise.all([none().release(), none().check(), none().status(), none().collect(() => false)]);
});

test('our own pool: a folder of one\'s choice, all or nothing, CHECK and GC', async () => {
  const own = (more: object, config: object = {}) => ipam('', { ipam: { type: 'netlink-ts', dataDir: join(folder, 'pools'), ...more }, ...config });
  assert.is((await refused((async () => own({}).add())()))[0], 7);
  assert.match((await refused((async () => own({ ranges: [[{ subnet: 'x' }]] }).add())()))[1], /ipam: subnet must be/);
  const two = own({ ranges: [[{ subnet: '10.7.0.0/24' }], [{ subnet: '10.8.0.0/31', rangeStart: '10.8.0.0', rangeEnd: '10.8.0.0', gateway: '10.8.0.0' }]] });
  assert.is((await refused(two.add()))[0], 101); // the second has none but the gateway's
  assert.match((await refused(two.check()))[1], 'no address is reserved for c (eth0)'); // and the first was given back
  const one = own({ subnet: '10.7.0.0/24', routes: [{ dst: '10.9.0.0/16' }] });
  assert.equal(await one.add(), { interfaces: [], ips: [{ address: '10.7.0.3/24', gateway: '10.7.0.1' }], routes: [{ dst: '10.9.0.0/16' }], dns: {} });
  await one.check();
  await one.status();
  await one.collect((container) => container === 'c');
  await one.check();
  await one.collect(() => false);
  assert.is((await refused(one.check()))[0], 100);
});

test.run();
