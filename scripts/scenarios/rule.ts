import assert from 'node:assert/strict';
import { refused, scenario, type Scenarios } from '../scenario.ts';

const wanted = { src: '10.0.0.0/8', table: 100, priority: 10 } as const;

export const scenarios: Scenarios = {
  'list': scenario('The rules that every namespace has', [], async (nl) => {
    assert.deepEqual((await nl.rule.list()).map(({ family, table }) => `${family} ${table}`),
      ['inet local', 'inet main', 'inet default', 'inet6 local', 'inet6 main']);
  }),
  'list-family': scenario('The kernel lists the rules of one family', ['ip -6 rule add from fc00::/64 table 100'], async (nl) => {
    assert.deepEqual((await nl.rule.list({ family: 'inet6' })).map(({ table }) => table), ['local', 100, 'main']);
  }),
  'add': scenario('ip rule add from 10.0.0.0/8 table 100, then the same again', [], async (nl) => {
    await nl.rule.add(wanted);
    await refused(nl.rule.add(wanted), 'EEXIST');
    assert.deepEqual((await nl.rule.list({ table: 100 })).map(({ src, priority }) => [src, priority]), [['10.0.0.0/8', 10]]);
  }),
  'add-selectors': scenario('Rules by mark, links, ports, users, of both families', [], async (nl) => {
    await nl.rule.add({ fwmark: 0x10, fwmask: 0xff, table: 7, priority: 13 });
    await nl.rule.add({ iif: 'lo', action: 'prohibit', priority: 14 });
    await nl.rule.add({ oif: 'nowhere', dst: '192.0.2.0/24', table: 7, priority: 15, flags: { invert: true } });
    await nl.rule.add({ ipProto: 6, sport: { start: 80, end: 90 }, dport: 443, table: 7, priority: 16 });
    await nl.rule.add({ uidRange: { start: 1000, end: 2000 }, table: 7, priority: 17 });
    await nl.rule.add({ dst: 'fc00::/64', action: 'blackhole', priority: 18 });
    await nl.rule.add({ goto: 32766, priority: 19 });
    assert.deepEqual((await nl.rule.list()).filter(({ protocol }) => protocol !== 'kernel').map(({ priority }) => priority), [13, 14, 15, 16, 17, 19, 18]);
  }),
  'add-bad': scenario('A table that the kernel does not take', [], (nl) => refused(nl.rule.add({ action: 'goto', priority: 30 } as never), 'EINVAL')),
  'delete': scenario('A rule is deleted, then it is not there', ['ip rule add from 10.0.0.0/8 table 100 priority 10'], async (nl) => {
    await nl.rule.delete(wanted);
    await refused(nl.rule.delete(wanted), 'ENOENT');
  }),
  'ensure': scenario('A rule is made sure of: first it was not there, then it was', [], async (nl) => {
    assert.equal((await nl.rule.ensure(wanted)).priority, 10);
    assert.equal((await nl.rule.ensure(wanted)).priority, 10);
  }),
  'flush': scenario('All rules but those of the kernel are deleted', ['ip rule add from 10.0.0.0/8 table 100', 'ip -6 rule add from fc00::/64 table 100'], async (nl) => {
    assert.equal(await nl.rule.flush(), 2);
  }),
};
