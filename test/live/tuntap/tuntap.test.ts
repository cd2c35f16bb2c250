import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EncodeError, SystemError } from '../../../src/errors.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import * as tuntap from '../../../src/tuntap/index.ts';
import { asIp, isFallback, ofIp } from '../../support/ip-link.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, sh } from '../../support/witness.ts';
import { descriptors } from '../../support/descriptors.ts';

const nl = openRoute();
test.after(() => nl.close());

const code = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof SystemError || error instanceof EncodeError);
    return error instanceof EncodeError ? error.message : (error as SystemError).code;
  }
  return 'it went well';
};

/** Why /dev/net/tun is of no use here. */
function refused(): string | undefined {
  const answer = code(() => tuntap.delete(tuntap.add({ mode: 'tun' }), 'tun'));
  return answer === 'it went well' ? undefined : `/dev/net/tun answers ${answer}`;
}
const reason = refused();
/** Whoever is named must be somebody in this user namespace: that of a plain user has one alone. */
const everybody = readFileSync('/proc/self/uid_map', 'utf8').includes('4294967295'), owner = everybody ? 1000 : 0, group = everybody ? 2000 : 0;

test('a tap device stays, is listed with its options, and goes', () => {
  if (reason) return skip(reason);
  assert.is(
    tuntap.add({ name: 't0', mode: 'tap', owner, group, vnetHdr: true, multiQueue: true }),
    't0',
  );
  const link = nl.sync.link.get('t0');
  assert.equal(
    [link.kind, link.options],
    [
      'tun',
      {
        type: 'tap',
        owner,
        group,
        pi: false,
        vnetHdr: true,
        persist: true,
        multiQueue: true,
        numQueues: 0,
        numDisabledQueues: 0,
      },
    ],
  );
  assert.is(code(() => tuntap.add({ name: 't0', mode: 'tap' })), 'EBUSY');
  assert.is(code(() => tuntap.delete('t0', 'tun')), 'EINVAL');
  nl.sync.link.delete('t0');
  assert.equal(nl.sync.link.list({ kind: 'tun' }), []);
});

test('the kernel names what has no name', () => {
  if (reason) return skip(reason);
  const made = [tuntap.add({ mode: 'tun' }), tuntap.add({ mode: 'tap', pi: true })];
  assert.equal(made, ['tun0', 'tap0']);
  if (installed('ip')) {
    const ours = nl.sync.link.list().filter((link) => !isFallback(link));
    const theirs = json('ip', 'link show').map(ofIp).filter((link) => !isFallback({ name: link['ifname'] as string }));
    ours.forEach((link, i) => assert.equal(JSON.parse(JSON.stringify(asIp(link, ours, theirs[i]))), theirs[i]));
  } else skip('ip is not installed');
  tuntap.delete('tun0', 'tun');
  tuntap.delete('tap0', 'tap');
  assert.equal(nl.sync.link.list({ kind: 'tun' }), []);
});

test('what ip makes is listed as ip shows it', () => {
  if (reason) return skip(reason);
  if (!installed('ip')) return skip('ip is not installed');
  for (const words of [`t0 mode tap ${everybody ? 'user 61234 group 61235 ' : ''}vnet_hdr multi_queue`, 't1 mode tun pi']) sh('ip', `tuntap add dev ${words}`);
  const ours = nl.sync.link.list({ kind: 'tun' }), theirs = json('ip', 'link show type tun').map(ofIp);
  assert.equal(ours.map(({ name }) => name), ['t0', 't1']);
  ours.forEach((link, i) => assert.equal(JSON.parse(JSON.stringify(asIp(link, ours, theirs[i]))), theirs[i]));
  for (const { index } of ours) nl.sync.link.delete(index);
});

test('in another namespace', () => {
  if (reason) return skip(reason);
  using ns = netns.make();
  using other = openRoute({ netns: ns });
  assert.is(tuntap.add({ mode: 'tap', name: 't1' }, { netns: ns }), 't1');
  assert.is(other.sync.link.get('t1').kind, 'tun');
  assert.equal(nl.sync.link.list({ kind: 'tun' }), []);
  tuntap.delete('t1', 'tap', { netns: ns });
  assert.equal(other.sync.link.list({ kind: 'tun' }), []);
});

test('bad input is refused before anything is opened, and no descriptor is lost', () => {
  const before = descriptors();
  for (const [input, text] of [
    [{ name: 'a/b', mode: 'tun' }, /^name: /],
    [{ name: 'x'.repeat(16), mode: 'tun' }, /^name: .*at most 15 bytes/],
    [{ mode: 'tin' }, /^mode: must be tun or tap/],
    [{ mode: 'tun', owner: -1 }, /^owner: /],
    [{ mode: 'tun', group: 1.5 }, /^group: /],
    [{ name: '', mode: 'tun' }, /^name: /],
  ] as const)
    assert.match(
      code(() => tuntap.add(input as never)),
      text,
    );
  assert.match(code(() => tuntap.delete('', 'tun')), /^name: /);
  code(() => tuntap.add({ name: 'lo', mode: 'tun' }));
  assert.is(descriptors(), before);
});

test.run();
