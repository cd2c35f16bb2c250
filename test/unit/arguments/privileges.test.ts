import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lackText, needsOf, needsOfCall } from '../../../src/privileges.ts';
import { privileges } from '../../../src/transport/privileges.ts';

test('what an operation takes is said, and what lacks of it: the capability, or the namespace that it is good for', () => {
  const takes = 'It takes CAP_NET_ADMIN in the user namespace that owns this network namespace', all = (1n << 41n) - 1n;
  assert.is(lackText(needsOf('link.list')), undefined, 'who only asks needs nothing');
  assert.is(lackText(needsOf('link.add')), takes);
  assert.is(lackText(needsOf('link.add'), { effective: 0n, initial: true }), `${takes}; this process has no CAP_NET_ADMIN`);
  assert.is(lackText(needsOf('link.add'), { effective: all, initial: false }), `${takes}; this process has it in another user namespace only`);
  assert.is(lackText(needsOf('link.add'), { effective: all, initial: true }), undefined, 'then it is something else that is wrong');
  assert.is(lackText(needsOf('link.list', true)), 'It takes CAP_NET_ADMIN in the user namespace that owns the other network namespace');
  assert.is(lackText(needsOf('action.add')), 'It takes CAP_NET_ADMIN in the initial user namespace');
  assert.match(lackText(needsOfCall('setns'), { effective: 0n, initial: true })!, /CAP_SYS_ADMIN in .* and CAP_SYS_ADMIN in .*; this process has no CAP_SYS_ADMIN$/);
  assert.equal(needsOfCall('read'), []);
});

test('what this thread may do is what /proc says of it', () => {
  const said = execFileSync('grep', ['CapEff', '/proc/self/status'], { encoding: 'utf8' }).trim().split(/\s+/)[1];
  assert.equal(privileges(), { effective: BigInt(`0x${said}`), initial: readlinkSync('/proc/self/ns/user') === 'user:[4026531837]' });
});

test('where /proc is not there, or does not tell of capabilities, nothing is said of them', () => {
  assert.is(privileges('/nowhere'), undefined);
  const folder = mkdtempSync(join(tmpdir(), 'privileges-'));
  try {
    writeFileSync(join(folder, 'status'), 'Name:\tnode\n');
    assert.is(privileges(folder), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
