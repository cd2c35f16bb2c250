import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContainerRef } from '../../../src/container/index.ts';
import { startedAt } from '../../../src/container/target/started.ts';
import { openTarget, reopenTarget } from '../../../src/container/target/target.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { refusal } from '../../support/witness.ts';

/* Who is meant by a container, and whether that is the one that is there. */
const host = fakeHost({ namespaces: ['box', 'other'] }), opens = { ffi: undefined, open: () => host.open('box') };
const sleeper = async (work: (pid: number, end: () => Promise<void>) => Promise<void>): Promise<void> => {
  const child = spawn('sleep', ['60']), ended = once(child, 'exit');
  await once(child, 'spawn');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await work(child.pid!, end);
  } finally {
    await end();
  }
};
const code = async (ref: unknown) => (await refusal(openTarget(ref as ContainerRef, opens))).code;

test('a container is a path, a namespace or a process; nothing else', async () => {
  using byPath = await openTarget({ path: 'box' }, host);
  using byNs = await openTarget({ ns: byPath.place.ns }, host);
  assert.equal([byNs.key, byNs.pid], [byPath.key, undefined]);
  byNs.verify();
  const error = await refusal(openTarget({ name: 'box' } as never, host));
  assert.is(error.message, 'a container is meant by { docker }, { pid }, { path } or { ns }, not by {"name":"box"}');
});

test('a process is the one that is meant as long as it lives, and no other of its number', () => sleeper(async (pid, end) => {
  using target = await openTarget({ pid, started: startedAt(pid) }, opens);
  assert.is(target.pid, pid);
  target.verify();
  const other = await refusal(openTarget({ pid, started: startedAt(pid) + 1 }, opens));
  assert.equal([other.code, other.message], ['ERR_GONE', `process ${pid} is another one than the one meant`]);
  await end();
  assert.throws(() => target.verify(), new RegExp(`process ${pid} has ended`));
  assert.is(await code({ pid }), 'ERR_GONE');
  assert.is(await code({ pid: -1 }), 'EINVAL', 'that is no number of a process');
}));

test('found once more, it is the same, or nothing', async () => {
  const open = host.opened(), [box, other] = ['box', 'other'].map((path) => host.open(path));
  const again = await reopenTarget({ path: 'box' }, box!, host);
  assert.is(again!.place.ns.ino, box!.ns.ino);
  again!.close();
  assert.is(await reopenTarget({ path: 'other' }, box!, host), undefined, 'another stands there now');
  const failing = (error: object) => reopenTarget({ path: 'box' }, box!, { ffi: undefined, open() { throw error; } });
  for (const gone of ['ENOENT', 'ERR_NOT_A_NAMESPACE']) assert.is(await failing(Object.assign(new Error(gone), { code: gone })), undefined);
  assert.is((await refusal(failing(Object.assign(new Error('no'), { code: 'EACCES' })))).code, 'EACCES');
  assert.is((await refusal(failing(new RangeError('odd')))).message, 'odd');
  for (const each of [box, other]) each!.close();
  assert.is(host.opened(), open);
});

test.run();
