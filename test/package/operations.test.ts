import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindsPage } from '../../scripts/kinds.ts';
import { operationsPage } from '../../scripts/operations.ts';

const docs = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'docs');

test('docs/operations.md is what the declarations say (npm run operations)', () => {
  const page = operationsPage();
  assert.is(readFileSync(join(docs, 'operations.md'), 'utf8'), page);
  assert.not.match(page, /\(\)` \| {2}\|/, 'an operation of which nobody knows what it sends');
});

test('docs/kinds.md is what the declarations say (npm run operations)', () => {
  const page = kindsPage();
  assert.is(readFileSync(join(docs, 'kinds.md'), 'utf8'), page);
  assert.not.match(page, /nobody knows why/);
});

test.run();
