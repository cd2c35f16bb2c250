import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape, tapes } from '../../scripts/annotate.ts';
import { allScenarios } from '../../scripts/scenario.ts';
import { replay } from '../../src/testing/index.ts';

const scenarios = await allScenarios(), recorded = tapes();

test('there are at least 60 tapes', () => {
  assert.ok(recorded.length >= 60, `${recorded.length}`);
});

test('each scenario has its tape, and its title', () => {
  for (const [path, { title }] of scenarios) {
    assert.ok(recorded.includes(path), `${path} is not recorded: npm run record -- ${path}`);
    assert.is(/^title: (.*)$/m.exec(readTape(path))?.[1], title, path);
  }
});

for (const [path, { run }] of scenarios) {
  for (const match of ['strict', 'loose'] as const) {
    test(`${path} replays (${match})`, async () => {
      const { open, done } = replay(readTape(path), { match });
      await run(open);
      done();
    });
  }
}

test.run();
