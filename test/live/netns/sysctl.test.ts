import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';

const { get, set } = netns.sysctl, forward = 'net/ipv4/ip_forward';
const fails = (work: () => unknown): any => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it went well');
};

test('a setting is that of the namespace that is meant, and no other', () => {
  using ns = netns.make();
  set(ns, forward, 1);
  assert.is(get(ns, forward), '1');
  assert.is(netns.spawnSync(ns, 'cat', [`/proc/sys/${forward}`]).stdout, '1\n');
  assert.is(readFileSync(`/proc/sys/${forward}`, 'utf8'), '0\n', 'this one has its own');
  set(ns, forward, '0');
  assert.is(get(ns, forward), '0');
});

test('what there is none of has no value, and cannot be set', () => {
  using ns = netns.make();
  assert.is(get(ns, 'net/ipv4/none'), undefined);
  const error = fails(() => set(ns, 'net/ipv4/none', 1));
  assert.equal([error.code, error.syscall], ['ENOENT', 'open']);
  assert.match(error.message, /^open \/proc\/sys\/net\/ipv4\/none failed: ENOENT/);
  assert.not(existsSync('/proc/sys/net/ipv4/none'), 'nothing is made there');
});

test('a refusal says what could not be read or set', () => {
  using ns = netns.make();
  const odd = fails(() => set(ns, forward, 'odd'));
  assert.equal([odd.name, odd.code, odd.syscall], ['SystemError', 'EINVAL', 'write']);
  assert.match(odd.message, 'write /proc/sys/net/ipv4/ip_forward failed: EINVAL');
  const folder = fails(() => get(ns, 'net/ipv4'));
  assert.equal([folder.code, folder.syscall], ['EISDIR', 'read']);
  assert.is(fails(() => get(ns, 'net/ipv4/\0')).code, 'ERR_INVALID_ARG_VALUE');
  assert.is(fails(() => get('none', forward)).code, 'ENOENT', 'there is no such namespace');
  ns.close();
  assert.is(fails(() => get(ns, forward)).code, 'ERR_ENCODE');
});

test.run();
