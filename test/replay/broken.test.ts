import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape, tapes } from '../../scripts/annotate.ts';
import { brokenTape, damages } from '../../scripts/broken.ts';
import { replayRoute } from '../../src/testing/index.ts';

const paths = tapes().filter((path) => path.startsWith('broken/'));

test('the tapes are those that npm run broken writes', () => {
  assert.equal(paths, Object.keys(damages).map((name) => `broken/${name}.tape`).sort());
  for (const [name, damage] of Object.entries(damages)) assert.is(readTape(`broken/${name}.tape`), brokenTape(damage), name);
});

for (const path of paths) {
  const text = readTape(path), [, stated] = /^# comes to: (.*)$/m.exec(text) ?? [];
  const code = stated === 'nothing, until the deadline' ? 'ERR_TIMEOUT' : stated === 'an answer' ? undefined : stated;

  test(`${path} comes to ${stated}, and the connection stays usable`, async () => {
    const { nl, done } = replayRoute(text, { timeout: 20 });
    const error = await nl.link.get(1).then(() => undefined, (error: { code?: string }) => error);
    assert.is(error?.code, code, String(error));
    assert.is((await nl.link.get(1)).name, 'lo');
    done();
  });

  test(`${path} comes to ${stated} synchronously too`, () => {
    const { nl, done } = replayRoute(text, { timeout: 20 });
    let error: { code?: string } | undefined;
    try {
      nl.sync.link.get(1);
    } catch (caught) {
      error = caught as { code?: string };
    }
    assert.is(error?.code, code, String(error));
    assert.is(nl.sync.link.get(1).name, 'lo');
    done();
  });
}

test.run();
