// timeout: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { image, noDockerd, startDockerd, type Dockerd } from '../../../support/dockerd.ts';
import { absent } from '../../../support/installed.ts';
import { hostAddress } from '../../../support/lan.ts';
import { pageOf } from '../../../support/page.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { greeting } from '../../../support/rootfs.ts';
import { skip } from '../../../support/skip.ts';

const { shell: [upon, nat, ...more], addresses: [onLan, behindNat] } = pageOf('docker.md');
let reader: Reader, daemon: Dockerd;

/** Docker's processes and mounts come and go. */
const left = (): string[] => reader.left().filter((line) => !/^(process|mount) /.test(line));

test.before(async () => {
  reader = await makeReader();
  daemon = await startDockerd();
  daemon.docker('tag', image, 'nginx');
  reader.env.DOCKER_HOST = `unix://${daemon.socket}`;
});
test.after(async () => {
  await daemon?.close();
  await reader?.close();
});

test('docker.md: an address of the LAN, and a network behind NAT', async () => {
  const { docker } = daemon, before = left();
  reader.does(upon!);
  assert.match(reader.page(`http://${onLan}/`), greeting);
  assert.match(reader.does(nat!), greeting); // what curl prints
  assert.match(reader.page(`http://${hostAddress}:8080/`), greeting);
  assert.match(reader.page(`http://${behindNat}/`, 'host'), greeting);
  assert.equal(more, []);
  docker('rm', '--force', ...docker('ps', '--quiet').split('\n'));
  docker('network', 'rm', 'lan', 'nat');
  await nothingElse(before, left);
  assert.equal(JSON.parse(reader.does('cat /var/lib/netlink-ts/docker.json')), { networks: {}, pools: {} });
});

const reason = noDockerd() ?? absent('npm', 'curl', 'systemd-socket-activate');
if (reason === undefined) test.run();
else skip(reason);
