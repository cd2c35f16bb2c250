import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cni } from '../../../src/engines/index.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { lacksNat } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const state = mkdtempSync(join(tmpdir(), 'leaving-')), nl = openRoute();
const names = () => nl.sync.link.list({ stats: false }).map(({ name }) => name);

async function ask(command: string, container: string, path = `/run/netns/${container}`): Promise<void> {
  const { exitCode, output } = await cni({
    state, input: JSON.stringify({ cniVersion: '1.1.0', name: 'web', type: 'netlink-ts-net', bridge: 'nt0', ipam: { type: 'netlink-ts', subnet: '10.88.0.0/24' } }),
    variables: { CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_NETNS: path, CNI_IFNAME: 'eth0', CNI_PATH: '/usr/lib/cni' },
  });
  assert.is(exitCode, 0, output);
}

test.before.each(() => ['a', 'b'].forEach((name) => netns.create(name)));
test.after.each(() => ['a', 'b'].forEach((name) => netns.delete(name)));
test.after(() => nl.close());

test('a bridge that was made for the containers goes with the last of them', async () => {
  await ask('ADD', 'a');
  await ask('ADD', 'b');
  await ask('DEL', 'a');
  assert.ok(names().includes('nt0'));
  await ask('DEL', 'b');
  assert.equal(names(), ['lo']);
});

test('a bridge that was there before stays', async () => {
  await nl.link.add({ name: 'nt0', kind: 'bridge', up: true });
  await ask('ADD', 'a');
  await ask('DEL', 'a');
  assert.ok(names().includes('nt0'));
  await nl.link.delete('nt0');
});

test('those who come while others leave find a bridge', async () => {
  await ask('ADD', 'a');
  for (let round = 0; round < 10; round++) {
    await Promise.all([ask('DEL', 'a'), ask('ADD', 'b')]);
    using inside = openRoute({ netns: 'b' });
    assert.is(nl.sync.link.get('nt0').kind, 'bridge');
    assert.is(nl.sync.link.list({ master: 'nt0' }).length, 1);
    assert.ok(inside.sync.link.get('eth0').flags.lowerUp);
    await Promise.all([ask('DEL', 'b'), ask('ADD', 'a')]);
  }
  await ask('DEL', 'a');
  assert.equal(names(), ['lo']);
});

test('a namespace that is where another was is left alone', async () => {
  await ask('ADD', 'a');
  const kept = netns.open('a'); // its number must not be given to the next one
  netns.delete('a');
  netns.create('a');
  using inside = openRoute({ netns: 'a' });
  await inside.link.add({ name: 'eth0', kind: 'bridge' });
  await ask('DEL', 'a', ''); // as containerd does, whose path was /proc/PID/ns/net
  assert.is(inside.sync.link.get('eth0').kind, 'bridge');
  assert.equal(names(), ['lo']);
  kept.close();
});

const reason = noContainers() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
