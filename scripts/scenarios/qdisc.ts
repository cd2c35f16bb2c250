import assert from 'node:assert/strict';
import { refused, scenario, v0, upPair, type Scenarios } from '../scenario.ts';

export const scenarios: Scenarios = {
  'list': scenario('The qdiscs of all links', [...upPair, 'tc qdisc add dev v0 root handle 1: htb default 30'], async (nl) => {
    assert.deepEqual((await nl.qdisc.list()).map(({ index, kind }) => [index, kind]), [[2, 'noqueue'], [v0, 'htb']]);
  }),
  'add-htb': scenario('tc qdisc add dev v0 root handle 1: htb default 0x30, then the same again', upPair, async (nl) => {
    await nl.qdisc.add('v0', { kind: 'htb', handle: '1:', options: { default: 0x30 } });
    await refused(nl.qdisc.add(v0, { kind: 'htb', handle: '1:' }), 'EEXIST');
    assert.equal((await nl.qdisc.get(v0, { parent: 'root' })).handle, '1:');
  }),
  'add-tbf': scenario('A token bucket, with the table of times that the kernel wants', upPair, async (nl) => {
    await nl.qdisc.add(v0, { kind: 'tbf', handle: '1:', options: { rate: 125_000, burst: 16_384, latency: 50_000 } });
    const [one] = await nl.qdisc.list({ dev: v0, kind: 'tbf' });
    assert.ok(one!.kind === 'tbf' && Number(one!.options!.rate) === 125_000);
  }),
  'add-ingress': scenario('The place for what comes in', upPair, async (nl) => {
    await nl.qdisc.add(v0, { kind: 'ingress' });
    assert.equal((await nl.qdisc.get(v0, { parent: 'ingress' })).kind, 'ingress');
  }),
  'add-unknown': scenario('A kind that the kernel does not have', upPair, (nl) => refused(nl.qdisc.add(v0, { kind: 'no-such-kind' } as never), 'ENOENT')),
  'add-gone': scenario('A qdisc for a link that is not there', [], (nl) => refused(nl.qdisc.add(99, { kind: 'pfifo' }), 'ENODEV')),
  'replace': scenario('A qdisc in the place of another; the kind cannot be changed', [...upPair, 'tc qdisc add dev v0 root handle 1: pfifo limit 10'], async (nl) => {
    await refused(nl.qdisc.change(v0, { kind: 'tbf', handle: '1:', options: { rate: 125_000, burst: 16_384, limit: 3000 } }), 'EINVAL');
    await nl.qdisc.change(v0, { kind: 'pfifo', handle: '1:', options: { limit: 20 } });
    await nl.qdisc.replace(v0, { kind: 'bfifo', handle: '2:', options: { limit: 3000 } });
    assert.deepEqual((await nl.qdisc.list({ dev: v0 })).map(({ kind }) => kind), ['bfifo']);
  }),
  'delete': scenario('A qdisc is taken away, then there is none', [...upPair, 'tc qdisc add dev v0 root pfifo'], async (nl) => {
    await nl.qdisc.delete(v0, { parent: 'root' });
    await refused(nl.qdisc.delete(v0, { parent: 'root' }), 'ENOENT');
  }),
};
