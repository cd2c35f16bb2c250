// timeout: 400 s
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { image, startContainerd, type Containerd } from '../../../support/containerd.ts';
import { noContainers } from '../../../support/installed.ts';
import { pageOf } from '../../../support/page.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { greeting } from '../../../support/rootfs.ts';
import { skip } from '../../../support/skip.ts';

/** There is no registry here: the image is there before. */
const nginx = 'docker.io/library/nginx:latest', pull = `ctr images pull ${nginx}\n`;
const { shell: [behindNat, onLan, ...more], addresses } = pageOf('containerd.md');
let reader: Reader, daemon: Containerd;

test.before(async () => {
  reader = await makeReader();
  daemon = await startContainerd(reader.machine, reader.env);
  daemon.ctr('images', 'tag', image, nginx);
});
test.after(() => reader?.close());

/** Its last command ends with the container. */
async function whileDone(block: string, work: () => void, words: Readonly<Record<string, string>> = {}): Promise<void> {
  const { machine, env } = reader, text = reader.here(block, { ...words, 'ctr run': `ctr run --cgroup /${machine.group}/web` });
  const shell = machine.start('sh', ['-euxc', text], { ...env, CONTAINERD_ADDRESS: daemon.socket });
  try {
    work();
  } catch (error) {
    await setTimeout(100); // what the shell has said is read meanwhile
    throw new Error(`${(error as Error).message}\n${machine.log()}`);
  }
  daemon.ctr('tasks', 'kill', '--signal', 'KILL', 'web');
  if (shell.exitCode === null) await once(shell, 'exit');
}

test('containerd.md: ctr run --cni, behind NAT', async () => {
  const before = reader.left();
  await whileDone(behindNat!, () => assert.match(reader.page(`http://${addresses[0]}/`, 'host'), greeting), { [pull]: '' });
  await nothingElse(before, reader.left);
});

test('containerd.md: ctr run --cni, an address of the LAN', async () => {
  const before = reader.left();
  await whileDone(onLan!, () => assert.match(reader.page(`http://${addresses[1]}/`), greeting));
  reader.does('netlink-ts-net unbridge br0');
  await nothingElse(before, reader.left);
  assert.equal(more, []);
});

const reason = noContainers('npm', 'containerd', 'ctr', 'runc', 'busybox', 'nsenter', 'unshare');
if (reason === undefined) test.run();
else skip(reason);
