import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindsPage } from '../../scripts/kinds.ts';
import { operationsPage } from '../../scripts/operations.ts';
import { privilegesPage } from '../../scripts/privileges.ts';
import { needsOf } from '../../src/privileges.ts';

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

test('docs/privileges.md is what the declarations say (npm run operations)', () => {
  assert.is(readFileSync(join(docs, 'privileges.md'), 'utf8'), privilegesPage());
});

test('an operation needs nothing just where it only asks', () => {
  for (const [, name, types] of operationsPage().matchAll(/^\| `nl\.([\w.]+)\(\)` \| (.*?) \|/gm)) {
    const sent = types!.match(/RTM_[A-Z]+/g)!, needs = needsOf(name!);
    if (sent.every((type) => type.startsWith('RTM_GET'))) assert.is(needs.length, 0, name);
    if (needs.length === 0) assert.ok(sent.some((type) => type.startsWith('RTM_GET')), name);
    if (/\.(add|delete|change|replace|set|flush)/i.test(name!)) assert.is(needs.length, 1, name);
  }
});

test.run();
