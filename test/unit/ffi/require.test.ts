import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FfiError } from '../../../src/ffi/ffi-error.ts';
import { requirePackage } from '../../../src/ffi/require.ts';

test('a package that is not there, and one that does not load, are told with what npm has to be told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'require-')), broken = join(folder, 'broken.cjs');
  writeFileSync(broken, 'throw new Error("built for another Node");');
  try {
    for (const [name, state] of [['no-such-package-of-ours', 'is not installed'], [broken, 'does not load']] as const)
      assert.throws(() => requirePackage(name, 'koffi', 'koffi'), (error: unknown) => error instanceof FfiError && error.binding === 'koffi' && error.cause instanceof Error &&
        error.message === `The FFI binding koffi needs the package ${name}, which ${state}: npm install koffi`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
