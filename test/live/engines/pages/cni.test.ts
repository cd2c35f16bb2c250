// timeout: 240 s
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../../src/index.ts';
import { noContainers } from '../../../support/installed.ts';
import { pageOf } from '../../../support/page.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { skip } from '../../../support/skip.ts';

const { shell: [web, lan, byHand, served, ...more], addresses } = pageOf('cni.md');
let reader: Reader;

test.before(async () => {
  reader = await makeReader();
});
test.after(() => reader?.close());

/** Calls the plugin that a network of /etc/cni/net.d names, as a runtime does. */
const call = (command: string, network: string): string => reader.does(`
  export CNI_COMMAND=${command} CNI_CONTAINERID=web CNI_NETNS=/run/netns/web CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin
  node -p 'const { plugins: [plugin], ...rest } = JSON.parse(fs.readFileSync("/etc/cni/net.d/${network}.conflist")); JSON.stringify({ ...rest, ...plugin })' > /tmp/net.json
  "/opt/cni/bin/$(node -p 'JSON.parse(fs.readFileSync("/tmp/net.json")).type')" < /tmp/net.json`);

const pings = (from: netns.Namespace, address: string): void => assert.is(netns.spawnSync(from, 'ping', ['-c1', '-W5', address]).status, 0, address);

for (const [name, block, address] of [['10-web', web, addresses[0]], ['20-lan', lan, addresses[1]]] as const)
  test(`cni.md: ${name}`, async () => {
    reader.does('ip netns add web');
    const before = reader.left();
    reader.does(block!);
    assert.match(call('ADD', name), `"${address}/24"`);
    pings(name === '10-web' ? netns.current() : reader.lan, address!);
    call('DEL', name);
    if (name === '20-lan') reader.does('netlink-ts-net unbridge br0');
    await nothingElse(before, reader.left);
    reader.does('ip netns delete web');
  });

test('cni.md: what one may try without a runtime', async () => {
  const before = reader.left();
  assert.match(reader.does(byHand!), /"address":"10\.88\.0\.\d+\/24"[^]*1 packets transmitted, 1 (packets )?received/);
  await nothingElse(before, reader.left);
});

test('cni.md: a server, and a small client in the place of the plugin', async () => {
  const program = readFileSync(join(reader.env.npm_config_prefix!, 'bin/netlink-ts-net'));
  reader.does(served!);
  assert.match(reader.does('cat /opt/cni/bin/netlink-ts-net'), '#!/usr/bin/perl');
  assert.equal(readFileSync(join(reader.env.npm_config_prefix!, 'bin/netlink-ts-net')), program); // it was a link to this
  const left = (): string[] => reader.left().filter((line) => !/^process .*netlink-ts-net serve/.test(line)), before = left();
  reader.does('ip netns add web');
  assert.match(call('ADD', '10-web'), '"10.88.0.');
  assert.not.equal(left(), reader.left()); // it was the server
  call('DEL', '10-web');
  reader.does('ip netns delete web');
  await nothingElse(before, left);
  assert.equal(more, []);
});

const reason = noContainers('npm', 'ip', 'ping', 'perl', 'nsenter', 'unshare', 'systemd-socket-activate');
if (reason === undefined) test.run();
else skip(reason);
