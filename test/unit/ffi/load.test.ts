import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { FfiError } from '../../../src/ffi/ffi-error.ts';
import { koffiLibc } from '../../../src/ffi/koffi.ts';
import { openLibc } from '../../../src/ffi/load.ts';

const addons = () => readFileSync('/proc/self/maps', 'utf8').match(/(?<=\/)[^/]+\.node$/gm) ?? [];
const saved = process.env.NETLINK_FFI;
test.before.each(() => { delete process.env.NETLINK_FFI; });
test.after(() => { if (saved !== undefined) process.env.NETLINK_FFI = saved; });

/** The FfiError that `call` throws. */
function refusal(call: () => unknown): FfiError {
  try {
    call();
  } catch (error) {
    assert.instance(error, FfiError);
    return error as FfiError;
  }
  throw new Error('nothing was thrown');
}

test('no addon is loaded before one is asked for', () => {
  const before = new Set(addons()); // of those who run the test
  assert.not.ok(before.has('koffi.node'));
  openLibc();
  assert.equal(new Set(addons()), new Set([...before, 'koffi.node']));
});

test('koffi is the default, the environment is read at each call, a choice goes before it', () => {
  assert.is(openLibc().binding, 'koffi');
  process.env.NETLINK_FFI = 'ffi-napi';
  assert.is(openLibc().binding, 'ffi-napi');
  assert.is(openLibc('koffi').binding, 'koffi');
  process.env.NETLINK_FFI = '';
  assert.is(openLibc().binding, 'koffi');
});

test('a thread has one of each', () => {
  assert.is(openLibc('koffi'), openLibc());
});

test('where koffi\'s addon is not at its usual place, or does not load from there, koffi looks for it itself', () => {
  const { dlopen } = process;
  let refused = 0;
  process.dlopen = () => {
    process.dlopen = dlopen;
    refused++;
    throw new Error('not at this place');
  };
  try {
    const libc = koffiLibc();
    assert.equal([refused, libc.binding, libc.close(-1)], [1, 'koffi', -errno.EBADF]);
  } finally {
    process.dlopen = dlopen;
  }
});

test('an unknown name is refused with the names there are', () => {
  process.env.NETLINK_FFI = 'constructor';
  const error = refusal(() => openLibc());
  assert.is(error.message, 'NETLINK_FFI is "constructor", but must be one of: koffi, ffi-napi, node-ffi');
  assert.equal([error.code, error.binding], ['ERR_FFI', 'constructor']);
  const message = refusal(() => openLibc('ffi' as 'koffi')).message;
  assert.is(message, 'The FFI binding is "ffi", but must be one of: koffi, ffi-napi, node-ffi');
});

test('another system is told that replay works', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
  Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
  try {
    const error = refusal(() => openLibc());
    assert.is(error.message, 'Live netlink sockets need Linux, this is darwin; recorded tapes replay anywhere');
  } finally {
    Object.defineProperty(process, 'platform', platform);
  }
});

test('a missing package is named, with the command that installs it', () => {
  const top = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  const elsewhere = mkdtempSync(join(tmpdir(), 'netlink-ffi-'));
  try {
    for (const path of ['ffi', 'bytes', 'errors.ts', 'errno.ts', 'privileges.ts']) {
      cpSync(join(top, 'src', path), join(elsewhere, path), { recursive: true });
    }
    writeFileSync(join(elsewhere, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(elsewhere, 'try.ts'), `
      import { openLibc } from './ffi/load.ts';
      for (const binding of ['koffi', 'ffi-napi']) {
        try {
          openLibc(binding);
        } catch ({ code, binding, message, cause }) {
          console.log([code, binding, cause.code, message].join(' | '));
        }
      }`);
    const args = ['--import', 'tsx', join(elsewhere, 'try.ts')];
    assert.is(execFileSync(process.execPath, args, { cwd: top, encoding: 'utf8' }),
      'ERR_FFI | koffi | MODULE_NOT_FOUND | The FFI binding koffi needs the package koffi, which is not installed: ' +
      'npm install koffi\n' +
      'ERR_FFI | ffi-napi | MODULE_NOT_FOUND | The FFI binding ffi-napi needs the package ref-napi, which is not ' +
      'installed: npm install --ignore-scripts ffi-napi ref-napi\n');
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test.run();
