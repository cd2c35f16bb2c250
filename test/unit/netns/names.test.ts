import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { namespacePath } from '../../../src/route/namespace.ts';

const refused = (work: () => unknown, pattern: RegExp) =>
  assert.throws(work, (error: Error & { code: string }) => error.code === 'ERR_ENCODE' && pattern.test(error.message));

test('a name that is no file name is refused before anything is done', () => {
  for (const name of ['', '.', '..', 'a/b', '/run/netns/a', 'a\0b', 7, undefined, null]) {
    refused(() => netns.create(name as string), /^name: must be a file name/);
    refused(() => netns.delete(name as string), /^name: must be a file name/);
    refused(() => netns.attach(name as string, { pid: process.pid }), /^name: must be a file name/);
  }
  refused(() => netns.create('ä'.repeat(128)), /^name: must have 255 bytes at most/);
});

test('a reference that is none is refused', () => {
  for (const ref of ['', 'a\0b', {}, { fd: -1 }, { fd: 1.5 }, { pid: 0 }, { pid: '7' }, 7, null, undefined]) {
    refused(() => netns.open(ref as string), /^netns: must be the name or path of a namespace, \{ fd \} or \{ pid \}/);
    refused(() => netns.spawn(ref as string, 'true'), /^netns: must be/);
    if (ref !== undefined) refused(() => openRoute({ netns: ref as string }), /^netns: must be/);
  }
});

test('names are looked for where ip netns keeps them, paths are left alone', () => {
  assert.is(namespacePath('blue'), '/run/netns/blue');
  assert.is(namespacePath('./blue'), './blue');
  assert.is(namespacePath('/proc/1/ns/net'), '/proc/1/ns/net');
  assert.equal(namespacePath({ pid: 1 }), { pid: 1 });
});

test('the main thread enters only when asked to', () => {
  assert.throws(() => netns.enter('blue'), /netns\.enter: this is the main thread/);
});

test.run();
