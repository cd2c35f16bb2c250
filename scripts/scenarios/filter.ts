import assert from 'node:assert/strict';
import { u32Match } from '../../src/route/tc/filter/kinds/u32-match.ts';
import { refused, scenario, upPair, v0, type Scenarios } from '../scenario.ts';

const htb = [...upPair, 'tc qdisc add dev v0 root handle 1: htb', 'tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit'];
const web = {
  kind: 'u32', parent: '1:', protocol: 'ip', prio: 5,
  options: { classid: '1:10', sel: { flags: { terminal: true }, keys: u32Match({ dst: '10.0.0.0/8', dport: 80, protocol: 6 }) } },
} as const;

export const scenarios: Scenarios = {
  'list': scenario('The filters of a qdisc', [...htb, 'tc filter add dev v0 parent 1: protocol ip prio 5 u32 match ip dport 80 0xffff classid 1:10'], async (nl) => {
    const all = await nl.filter.list(v0, { parent: '1:' });
    assert.ok(all.some((one) => one.kind === 'u32' && one.options?.classid === '1:10'));
  }),
  'add-u32': scenario('Packets to a web server go into a class', htb, (nl) => nl.filter.add(v0, web)),
  'add-no-selector': scenario('A filter that selects nothing', htb, (nl) =>
    refused(nl.filter.add(v0, { kind: 'u32', parent: '1:', protocol: 'ip', prio: 5, options: { classid: '1:10' } }), 'EINVAL')),
  'add-ingress': scenario('What comes in by one link goes out by another', [...upPair, 'tc qdisc add dev v0 ingress'], (nl) =>
    nl.filter.add(v0, {
      kind: 'u32', parent: 'ffff:', protocol: 'all', prio: 1,
      options: {
        sel: { flags: { terminal: true }, keys: [{ mask: 0, val: 0, off: 0, offmask: 0 }] },
        actions: [{ kind: 'mirred', options: { action: 'egress redirect', dev: 2 } }],
      },
    })),
  'delete': scenario('The filters of a priority are deleted, then there are none', htb, async (nl) => {
    await nl.filter.add(v0, web);
    await nl.filter.delete(v0, { parent: '1:', protocol: 'ip', prio: 5 });
    await refused(nl.filter.delete(v0, { parent: '1:', protocol: 'ip', prio: 5 }), 'ENOENT');
  }),
};
