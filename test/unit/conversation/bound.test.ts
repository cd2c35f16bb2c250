import { mock } from 'node:test';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/index.ts';
import { fakeKernel } from '../../../src/testing/index.ts';

test('operations are the same functions whenever they are read, may be taken out, assigned and mocked', async () => {
  using nl = openRoute({ transport: fakeKernel().open });
  const { list } = nl.link;
  assert.is(nl.link.list, list);
  assert.equal((await list()).map(({ name }) => name), ['lo']);

  (nl.link as { get: unknown }).get = async () => 'assigned';
  assert.is(await nl.link.get('lo'), 'assigned');
  assert.is((await nl.with({ timeout: 500 }).link.get('lo')).name, 'lo', 'another client has its own');

  mock.method(nl.link, 'list', async () => 'mocked');
  assert.is(await nl.link.list(), 'mocked');
  mock.restoreAll();
  assert.is(nl.link.list, list);
});

test('a batch has no streams, for its operations are whole', async () => {
  using nl = openRoute({ transport: fakeKernel().open });
  await nl.batch((b) => {
    assert.is((b.link as { stream?: unknown }).stream, undefined);
    return b.link.list();
  });
  assert.type(nl.link.stream, 'function');
  assert.type(nl.sync.route.stream, 'function');
});

test.run();
