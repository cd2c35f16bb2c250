import assert from 'node:assert/strict';
import { refused, scenario, upPair, type Scenarios } from '../scenario.ts';

const mirror = { kind: 'mirred', options: { action: 'egress mirror', dev: 'v1', index: 7 } } as const;
const redirect = { kind: 'mirred', options: { action: 'egress redirect', dev: 'v1', index: 7 } } as const;
const there = [...upPair, 'tc actions add action mirred egress mirror dev v1 index 7'];

export const scenarios: Scenarios = {
  'add': scenario('An action that filters will name by its number, then listed and asked for', upPair, async (nl) => {
    await nl.action.add(mirror);
    const [listed] = await nl.action.list('mirred'), got = await nl.action.get({ kind: 'mirred', index: 7 });
    assert.deepEqual(listed!.options, got.options);
  }),
  'add-two': scenario('Two actions in one message, each with its link', upPair, async (nl) => {
    await nl.action.add(mirror, { kind: 'mirred', options: { action: 'egress mirror', dev: 'v0', index: 9 } });
    assert.equal((await nl.action.list('mirred')).length, 2);
  }),
  'add-exists': scenario('A number that is taken', there, (nl) => refused(nl.action.add(redirect), 'EEXIST')),
  'add-unknown-kind': scenario('A kind of action that the kernel does not know', [], (nl) =>
    refused(nl.action.add({ kind: 'no_such_kind' }), 'ENOENT')),
  'replace': scenario('An action is replaced, then changed', there, async (nl) => {
    await nl.action.replace(redirect);
    await nl.action.change(mirror);
  }),
  'get-gone': scenario('An action that is not there', there, (nl) => refused(nl.action.get({ kind: 'mirred', index: 99 }), 'ENOENT')),
  'delete': scenario('An action is deleted, then it is not there', there, async (nl) => {
    await nl.action.delete({ kind: 'mirred', index: 7 });
    await refused(nl.action.delete({ kind: 'mirred', index: 7 }), 'ENOENT');
  }),
  'delete-used': scenario('An action that a filter uses', [
    ...there, 'tc qdisc add dev v0 ingress',
    'tc filter add dev v0 parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred index 7',
  ], (nl) => refused(nl.action.delete({ kind: 'mirred', index: 7 }), 'EPERM')),
  'flush': scenario('All actions of a kind are deleted', there, async (nl) => {
    await nl.action.flush('mirred');
    assert.deepEqual(await nl.action.list('mirred'), []);
  }),
};
