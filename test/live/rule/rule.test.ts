import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import type { RuleInput } from '../../../src/route/rule/message.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
test.before.each(() => void nl.sync.rule.flush());
test.after(() => nl.close());

const shown = (): string[] => [...sh('ip', '-d rule show').split('\n'), ...sh('ip', '-d -6 rule show').split('\n')]
  .filter((line) => line && !line.includes('proto kernel')).map((line) => line.replace(/\s+/g, ' ').trim());

/** The words of `ip`, what we give for the same, and the kernel's own refusal where it lacks the selector. */
const pairs: [string, RuleInput][] = [
  ['from 10.0.0.0/8 table 100 priority 10', { src: '10.0.0.0/8', table: 100, priority: 10 }],
  ['to 192.0.2.0/24 table 4000000000 priority 11', { dst: '192.0.2.0/24', table: 4000000000, priority: 11 }],
  ['not from 10.1.0.0/16 table main priority 12', { src: '10.1.0.0/16', flags: { invert: true }, priority: 12 }],
  ['from all fwmark 0x10/0xff table 7 priority 13', { fwmark: 0x10, fwmask: 0xff, table: 7, priority: 13 }],
  ['from all iif lo table 7 priority 14', { iif: 'lo', table: 7, priority: 14 }],
  ['from all oif nowhere table 7 priority 15', { oif: 'nowhere', table: 7, priority: 15 }],
  ['from all tos 0x10 table 7 priority 16', { tos: 0x10, table: 7, priority: 16 }],
  ['from all blackhole priority 17', { action: 'blackhole', priority: 17 }],
  ['from all unreachable priority 18', { action: 'unreachable', priority: 18 }],
  ['from all prohibit priority 19', { action: 'prohibit', priority: 19 }],
  ['from all goto 30 priority 20', { goto: 30, priority: 20 }],
  ['from all nop priority 30', { action: 'nop', priority: 30 }],
  ['from all uidrange 1000-2000 table 7 priority 31', { uidRange: { start: 1000, end: 2000 }, table: 7, priority: 31 }],
  ['from all ipproto 6 sport 80-90 dport 443 table 7 priority 32', { ipProto: 6, sport: { start: 80, end: 90 }, dport: 443, table: 7, priority: 32 }],
  ['from all suppress_prefixlength 0 table main priority 33', { suppressPrefixlength: 0, table: 'main', priority: 33 }],
  ['from all suppress_ifgroup 5 table main priority 34', { suppressIfgroup: 5, priority: 34 }],
  ['from all l3mdev priority 35', { l3mdev: true, priority: 35 }],
  ['from all tun_id 77 table 7 priority 36', { tunId: 77n, table: 7, priority: 36 }],
  ['from all table 7 protocol static priority 37', { table: 7, protocol: 'static', priority: 37 }],
  ['from all table 7 realms 3/4 priority 38', { table: 7, flow: 0x30004, priority: 38 }],
];
const pairs6: [string, RuleInput][] = [
  ['from fc00::/64 table 100 priority 10', { src: 'fc00::/64', table: 100, priority: 10 }],
  ['to fc01::/64 iif lo table 100 priority 11', { dst: 'fc01::/64', iif: 'lo', table: 100, priority: 11 }],
  ['from all fwmark 0x1 prohibit priority 12', { family: 'inet6', fwmark: 1, fwmask: 0xffffffff, action: 'prohibit', priority: 12 }],
];

test('each selector and action, made by ip and by us, is the same rule; what is listed can be deleted and made again', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  let compared = 0;
  for (const [family, [line, rule]] of [...pairs.map((pair) => ['-4', pair] as const), ...pairs6.map((pair) => ['-6', pair] as const)]) {
    try {
      await nl.rule.add(rule);
    } catch (error) {
      if (!(error instanceof KernelError) || !['EOPNOTSUPP', 'EINVAL'].includes(error.code)) throw error;
      skip(`the kernel refuses "rule ${line}": ${error.message}`);
      continue;
    }
    const ours = shown(), [listed, ...more] = (await nl.rule.list()).filter((other) => other.protocol !== 'kernel');
    assert.is(more.length, 0);
    assert.is(listed!.unknown, undefined, line);
    await nl.rule.delete(listed!);
    assert.equal(shown(), []);
    sh('ip', `${family} rule add ${line}`);
    assert.equal(ours, shown(), line);
    const [theirs] = (await nl.rule.list()).filter((other) => other.protocol !== 'kernel');
    assert.equal(theirs, listed, line);
    await nl.rule.delete(theirs!);
    await nl.rule.add(theirs!);
    assert.equal(ours, shown(), line);
    await nl.rule.delete(rule);
    assert.equal(shown(), [], line);
    compared++;
  }
  assert.ok(compared >= 15, String(compared));
});

test('newer selectors', async () => {
  for (const rule of [{ dscp: 10, table: 7, priority: 50 }, { family: 'inet6', flowlabel: 5, flowlabelMask: 0xff, table: 7, priority: 51 }, { dscp: 8, dscpMask: 0x38, table: 7, priority: 52 }] as const) {
    const error: unknown = await nl.rule.add(rule).catch((error) => error);
    if (error) {
      skip(`the kernel refuses ${JSON.stringify(rule)}: ${(error as Error).message}`);
      continue;
    }
    const [listed] = await nl.rule.list({ priority: rule.priority });
    const ignored = Object.keys(rule).filter((key) => !(key in listed!)); // attributes that a kernel does not know it passes over
    if (ignored.length > 0) skip(`the kernel ignores ${ignored.join(', ')} of a rule`);
    else for (const [key, value] of Object.entries(rule)) assert.equal((listed as any)[key], value, key);
    await nl.rule.delete(listed!);
  }
});

test('rules of multicast routing are listed by their family alone', async () => {
  assert.equal([...new Set((await nl.rule.list()).map(({ family }) => family))].sort(), ['inet', 'inet6']);
  try {
    assert.ok((await nl.rule.list({ family: 128 })).every(({ family }) => family === 128));
  } catch (error) {
    if (!(error instanceof KernelError && error.code === 'EAFNOSUPPORT')) throw error;
    skip(`the kernel has no rules of multicast routing: ${error.message}`);
  }
});

test('ensure, flush, filters and refusals', async () => {
  const rule = { src: '10.0.0.0/8', table: 100, priority: 10 } as const;
  const first = await nl.rule.ensure(rule);
  assert.equal([first.protocol, first.action, first.table], ['unspec', 'lookup', 100]);
  await nl.rule.ensure(rule);
  await nl.rule.ensure({ ...rule, family: 'inet' });
  assert.is((await nl.rule.list({ table: 100 })).length, 1);
  assert.is((await refusal(nl.rule.add(rule))).code, 'EEXIST');
  await nl.rule.add({ src: 'fc00::/64', action: 'prohibit' });
  assert.equal((await nl.rule.list({ action: 'prohibit' })).map((found) => found.family), ['inet6']);
  assert.equal((await nl.rule.list({ family: 'inet6', protocol: 'kernel' })).map((found) => found.table), ['local', 'main']);
  assert.is((await refusal(nl.rule.delete({ ...rule, priority: 99 }))).code, 'ENOENT');
  assert.is(await nl.rule.flush(), 2);
  assert.is((await nl.rule.list({ family: 'inet' })).length, 3);
  for (const [bad, field] of [
    [{ src: '10.0.0.0/8', dst: 'fc00::/64' }, 'dst'], [{ src: '10.0.0.1/8' }, 'src'], [{ priority: -1 }, 'priority'], [{ sport: { start: 9, end: 8 } }, 'sport'],
    [{ sport: 70000 }, 'sport.start'], [{ iif: 'a-name-that-is-too-long' }, 'iif'], [{ action: 'teleport' }, 'action'], [{ fwmark: 2 ** 33 }, 'fwmark'], [null, 'rule'],
  ] as const) {
    const error = await refusal(nl.rule.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
});

test.run();
