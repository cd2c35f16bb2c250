// timeout: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { noContainers } from '../../../support/installed.ts';
import { hostAddress } from '../../../support/lan.ts';
import { pageOf } from '../../../support/page.ts';
import { plainPodman } from '../../../support/podman.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { greeting } from '../../../support/rootfs.ts';
import { skip } from '../../../support/skip.ts';
import { noUnpackedPodman, useUnpacked } from '../../../support/unpacked.ts';

const { shell: [block, ...more], addresses: [onLan, behindNat] } = pageOf('podman.md', 'With netavark');
let reader: Reader, podman: ReturnType<typeof plainPodman>;

test.before(async () => {
  reader = await makeReader();
  useUnpacked(reader.machine);
  podman = plainPodman(reader.machine, reader.env, 'docker.io/library/nginx');
});
test.after(() => reader?.close());

test('podman.md, netavark: an address of the LAN, and a network behind NAT', async () => {
  const before = reader.left();
  reader.does(block!, { 'podman run': `podman run --cgroup-parent /${reader.machine.group}` });
  assert.match(reader.page(`http://${onLan}/`), greeting);
  assert.match(reader.page(`http://${hostAddress}:8080/`), greeting);
  assert.match(reader.page(`http://${behindNat}/`, 'host'), greeting);
  assert.equal(more, []);
  podman('rm', '--all', '--force', '--time', '0');
  podman('network', 'rm', 'lan', 'web');
  reader.does('netlink-ts-net unbridge br0');
  await nothingElse(before, reader.left);
});

const reason = noContainers('npm', 'busybox', 'nsenter', 'unshare') ?? noUnpackedPodman();
if (reason === undefined) test.run();
else skip(reason);
