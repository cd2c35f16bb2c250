// timeout: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { noContainers } from '../../../support/installed.ts';
import { pageOf } from '../../../support/page.ts';
import { plainPodman } from '../../../support/podman.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { greeting } from '../../../support/rootfs.ts';
import { skip } from '../../../support/skip.ts';

const { shell: [block, ...more], addresses: [onLan] } = pageOf('podman.md', 'With CNI');
let reader: Reader, podman: ReturnType<typeof plainPodman>;

test.before(async () => {
  reader = await makeReader();
  podman = plainPodman(reader.machine, reader.env, 'docker.io/library/nginx');
});
test.after(() => reader?.close());

test('podman.md, CNI: an address of the LAN', async () => {
  const before = reader.left();
  reader.does(block!, { 'podman run': `podman run --cgroup-parent /${reader.machine.group}` });
  assert.match(reader.page(`http://${onLan}/`), greeting);
  assert.equal(more, []);
  podman('rm', '--all', '--force', '--time', '0');
  reader.does('netlink-ts-net unbridge br0');
  await nothingElse(before, reader.left);
});

const reason = noContainers('npm', 'podman', 'busybox', 'nsenter', 'unshare');
if (reason === undefined) test.run();
else skip(reason);
