import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { attempts, tunDevice } from '../../support/plain-user.ts';
import { skip } from '../../support/skip.ts';

/** The runner gives each file to root and, with all privileges dropped, to a plain user in a user namespace. */
const root = process.env['NETLINK_SANDBOX'] === 'root';
const nl = openRoute();
test.after(() => nl.close());
test.before(async () => {
  await nl.link.add({ name: 'v0', kind: 'veth', up: true, options: { peer: { name: 'v1', up: true } } });
  await nl.addr.add('v0', '192.0.2.1/24');
});

for (const { what, becomes, run } of attempts)
  test(`${what}: ${becomes}`, async () => {
    const works = becomes === 'works' || (becomes === 'device' ? tunDevice() : root);
    if (becomes === 'device' && !works) skip('/dev/net/tun does not let this user in: that it is refused is what is looked at');
    let code = 'none';
    try {
      await run(nl);
    } catch (error) {
      code = (error as { code?: string }).code ?? String(error);
      if (works) throw error;
    }
    if (works) assert.is(code, 'none');
    else if (becomes === 'device') assert.ok(['EACCES', 'EPERM', 'ENOENT', 'ENODEV', 'ENXIO'].includes(code), code);
    else assert.is(code, becomes);
  });

/** What became of calls in another program, started by `unshare` with these words. */
function told(unshare: readonly string[], ...names: string[]): { [name: string]: { code: string; hint?: string } } {
  const others = openSync('/proc/self/ns/net', 'r');
  try {
    const program = join(dirname(fileURLToPath(import.meta.url)), 'programs/asker.ts');
    const words = [...unshare, process.execPath, '--import', 'tsx', program, ...names];
    return JSON.parse(execFileSync('unshare', words, { stdio: ['ignore', 'pipe', 'inherit', others], encoding: 'utf8' }));
  } finally {
    closeSync(others);
  }
}

const owner = 'CAP_NET_ADMIN in the user namespace that owns this network namespace', other = 'CAP_NET_ADMIN in the user namespace that owns the other network namespace';

test('who has no capability may ask, and is told what it takes to change', () => {
  const { list, add, batch, create } = told(['--user'], 'list', 'add', 'batch', 'create');
  assert.is(list!.code, 'none');
  for (const one of [add, batch]) assert.equal(one, { code: 'EPERM', hint: `It takes ${owner}; this process has no CAP_NET_ADMIN` });
  assert.is(create!.code === 'none', false);
});

test('a capability in a user namespace that does not own the network namespace is none', () => {
  const { add, enter } = told(['--user', '--map-root-user'], 'add', 'enter');
  assert.equal(add, { code: 'EPERM', hint: `It takes ${owner}; this process has it in another user namespace only` });
  assert.is(enter!.code, 'EPERM');
  assert.match(enter!.hint!, /CAP_SYS_ADMIN in this process's user namespace and CAP_SYS_ADMIN in the user namespace that owns the other network namespace/);
});

test('another namespace is reached only by those who may change it', () => {
  const { add, move, peer, look } = told(['--user', '--map-root-user', '--net'], 'add', 'move', 'peer', 'look');
  assert.is(add!.code, 'none');
  for (const one of [move, peer]) assert.equal(one, { code: 'EPERM', hint: `It takes ${owner} and ${other}; this process has it in another user namespace only` });
  assert.equal(look, { code: 'EACCES', hint: `It takes ${other}; this process has it in another user namespace only` });
});

test.run();
