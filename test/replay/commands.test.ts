import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape, tapes } from '../../scripts/annotate.ts';
import { run } from '../../scripts/run.ts';
import { allScenarios } from '../../scripts/scenario.ts';
import { Connection } from '../../src/conversation/connection.ts';
import { replay } from '../../src/testing/index.ts';
import { installed } from '../support/installed.ts';
import { skip } from '../support/skip.ts';

/** Which program does what a family of operations does; all others are `ip`. */
const programs: { readonly [family: string]: string } = {
  fdb: 'bridge', mdb: 'bridge', vlan: 'bridge', qdisc: 'tc', class: 'tc', filter: 'tc', chain: 'tc', action: 'tc', family: 'genl', conntrack: 'conntrack',
};
/** Families of nf_tables; `chain` and `rule` are others', too. */
const ofNft = ['table', 'set', 'rule', 'element', 'object', 'flowtable', 'ruleset', 'chain'];

test('each request of each tape that has a command has one of the right program, which a shell reads', async () => {
  const { post } = Connection.prototype, commands = new Map<string, string>(), wrong: string[] = [];
  Connection.prototype.post = function (w, pendings) {
    for (const { exchange: { operation, command } } of pendings) {
      const text = command?.();
      if (text === undefined) continue;
      const family = operation.split('.')[0]!, program = /^[a-z]+/.exec(text)![0];
      const fits = program === (programs[family] ?? 'ip') || (program === 'nft' && ofNft.includes(family));
      if (!fits || /undefined|NaN|\[object|[ ]$| {2}/.test(text)) wrong.push(`${operation}: ${text}`);
      commands.set(text, operation);
    }
    return post.call(this, w, pendings);
  };
  try {
    for (const [path, { run }] of await allScenarios()) if (tapes().includes(path)) await run(replay(readTape(path)).open);
  } finally {
    Connection.prototype.post = post;
  }
  assert.equal(wrong, []);
  assert.ok(new Set(commands.values()).size > 100, `${new Set(commands.values()).size} operations`);
  if (!installed('sh')) return skip('sh is not installed');
  const { code, output } = await run('sh', ['-n', '-c', [...commands.keys()].join('\n')]);
  assert.is(code, 0, output);
});

test.run();
