import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Call } from '../../../src/container/plan/call.ts';
import { encode } from '../../../src/container/plan/encode.ts';
import { checkFree } from '../../../src/engines/network/lan.ts';
import { record } from '../../../src/engines/network/record.ts';
import { readSettings } from '../../../src/engines/network/settings.ts';
import { bridgeUplink, unbridgeUplink } from '../../../src/engines/network/uplink.ts';
import { fakeHost, type FakeHost } from '../../support/fake-host.ts';
import { refusal } from '../../support/witness.ts';

/* Bridges upon uplinks, on a kernel in memory. */
const folders: string[] = [];
test.after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'uplink-')));
  return folders.at(-1)!;
}
/** What is written down of bridges. */
const written = (state: string): string[] => (existsSync(join(state, 'bridges')) ? readdirSync(join(state, 'bridges')) : []);
const names = (host: FakeHost): string[] => host.nl.sync.link.list().map(({ name }) => name).sort();

/** A host with an uplink, em1, that has an address. */
function withUplink(): FakeHost {
  const host = fakeHost();
  host.nl.sync.link.add({ name: 'em1', kind: 'dummy', address: '02:00:00:00:00:01' });
  host.nl.sync.addr.add('em1', '192.0.2.7/24');
  return host;
}
/** A killed process had begun something of which this is left to undo. */
function begun(state: string, bridge: string, undo: readonly Call[]): void {
  mkdirSync(join(state, 'bridges'), { recursive: true });
  writeFileSync(join(state, 'bridges', `${bridge}.journal`), `${encode({ begin: 0, undo })}\n`);
}

test('the uplink\'s address moves to the bridge and back; again is no fault', async () => {
  const host = withUplink(), state = folder(), where = (): string | undefined => {
    const { index } = host.nl.sync.addr.list().find(({ address }) => address === '192.0.2.7/24') ?? {};
    return index === undefined ? undefined : host.nl.sync.link.get(index).name;
  };
  for (let again = 0; again < 2; again++) {
    await bridgeUplink(host, 'br0', 'em1', state);
    assert.equal([where(), written(state)], ['br0', ['br0.json']]);
  }
  assert.ok(host.nl.sync.link.get('em1').flags.up);
  record(state, { owner: { network: 'n', container: 'c', ifname: 'eth0' }, settings: readSettings('n', { mode: 'lan', bridge: 'br0' }), netns: undefined, ports: [] });
  assert.not(await unbridgeUplink(host, 'br0', state), 'a container is attached to it');
  rmSync(join(state, 'attachments'), { recursive: true });
  assert.ok(await unbridgeUplink(host, 'br0', state));
  assert.equal([where(), written(state), names(host)], ['em1', [], ['em1', 'lo']]);
  assert.not(await unbridgeUplink(host, 'br0', state), 'it is gone');
});

test('a bridge that somebody else has deleted is forgotten', async () => {
  const host = withUplink(), state = folder();
  await bridgeUplink(host, 'br0', 'em1', state);
  await host.nl.link.delete('br0');
  assert.ok(await unbridgeUplink(host, 'br0', state));
  assert.equal(written(state), []);
});

test('what cannot be a bridge upon an uplink is told, and nothing is written down', async () => {
  const host = withUplink(), state = folder(), said = async (bridge: string, parent?: string): Promise<string[]> => {
    const { code, message } = await refusal(bridgeUplink(host, bridge, parent, state));
    return [code, message];
  };
  await host.nl.link.add({ name: 'br1', kind: 'bridge' });
  assert.equal(await said('em1'), ['ERR_NO_BRIDGE', 'em1 is no bridge, but of kind dummy']);
  assert.equal(await said('lo'), ['ERR_NO_BRIDGE', 'lo is no bridge, but of kind none']);
  assert.equal(await said('br0'), ['ENODEV', 'there is no bridge br0, and no parent is given to build it upon']);
  assert.equal(await said('br0', 'em9'), ['ENODEV', 'parent em9: there is no such link']);
  assert.equal(await said('br1', 'em1'), ['ERR_UPLINK', 'there is a bridge br1 already, and em1 is no port of it: name another bridge']);
  assert.equal(written(state), []);
});

test('a bridge that cannot be built is not written down, and the uplink keeps its address', async () => {
  const host = withUplink(), state = folder();
  await host.nl.link.change('em1', { up: true });
  await host.nl.link.add({ name: 'br1', kind: 'bridge' });
  await host.nl.link.change('em1', { master: 'br1' }); // it is a port of another
  await refusal(bridgeUplink(host, 'br0', 'em1', state));
  assert.equal([written(state), names(host), host.nl.sync.addr.list({ dev: 'em1', family: 'inet' }).map(({ address }) => address)], [[], ['br1', 'em1', 'lo'], ['192.0.2.7/24']]);
});

test('what a killed process had begun is taken back first; where that fails the journal stays', async () => {
  const host = withUplink(), state = folder();
  await host.nl.link.add({ name: 'br0', kind: 'bridge' });
  begun(state, 'br0', [{ where: 'host', call: 'link.delete', args: ['br0'] }]);
  await bridgeUplink(host, 'br0', 'em1', state);
  assert.equal(written(state), ['br0.json']);
  assert.is(host.nl.sync.link.get('em1').master, host.nl.sync.link.get('br0').index);
  begun(state, 'br0', [{ where: 'host', call: 'link.delete', args: ['nobody'] }]);
  for (const call of [() => unbridgeUplink(host, 'br0', state), () => bridgeUplink(host, 'br0', 'em1', state)]) {
    const { code, message, cause } = await refusal(call());
    assert.equal([code, cause.code], ['ERR_UNDO', 'ENODEV']);
    assert.match(message, /^what a killed process had begun could not be taken back: link\.delete \(link\.delete failed: ENODEV/);
  }
  assert.equal(written(state).sort(), ['br0.journal', 'br0.json']);
});

test('an address of the host\'s own is free for nobody; of IPv6 the kernel asks', async () => {
  const host = withUplink(), { code, message } = await refusal(checkFree(host, host, 'em1', [{ address: 'fd00::7/64' }, { address: '192.0.2.7/24' }]));
  assert.equal([code, message], ['ERR_ADDRESS_IN_USE', '192.0.2.7 is an address of the host itself']);
  await checkFree(host, host, 'nobody', [{ address: 'fd00::7/64' }]);
});

test.run();
