// timeout: 300 s
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runningContainer } from '../../../src/container/engine/index.ts';
import { image, noDockerd, startDockerd } from '../../support/dockerd.ts';
import { skip } from '../../support/skip.ts';

const reason = noDockerd();

test('a docker daemon starts, runs a container, and leaves nothing when it ends', async () => {
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const docker = await startDockerd();
  assert.is(docker.docker('run', '--rm', '--network', 'none', image, 'cat', '/www/index.html'), 'hello from the container');
  docker.docker('run', '-d', '--name', 'web', image, 'sleep', '1000');
  const pid = docker.pid('web');
  assert.ok(existsSync(`/proc/${pid}/ns/net`));
  const told = await runningContainer('web', docker);
  assert.equal([told.name, told.pid, told.networkMode], ['web', pid, 'bridge']);
  assert.is((await runningContainer(told.id.slice(0, 12), docker)).id, told.id);
  await docker.close();
  assert.not(existsSync(`/proc/${pid}`));
  assert.not(existsSync(docker.socket));
  assert.is(readFileSync('/proc/self/mounts', 'utf8'), mounts);
});

if (reason === undefined) test.run();
else skip(reason);
