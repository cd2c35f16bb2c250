import assert from 'node:assert/strict';
import { refused, scenario, upPair, v0, type Scenarios } from '../scenario.ts';

const htb = [...upPair, 'tc qdisc add dev v0 root handle 1: htb default 30'];
const one = [...htb, 'tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit'];

export const scenarios: Scenarios = {
  'list': scenario('The classes of a link, all and those below one', [...one, 'tc class add dev v0 parent 1:10 classid 1:11 htb rate 500kbit'], async (nl) => {
    assert.deepEqual((await nl.class.list(v0)).map(({ handle }) => handle).sort(), ['1:10', '1:11']);
    assert.deepEqual((await nl.class.list(v0, { parent: '1:10' })).map(({ handle }) => handle), ['1:11']);
  }),
  'add': scenario('tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit, then the same again', htb, async (nl) => {
    const wanted = { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: 125_000, ceil: 250_000 } } as const;
    await nl.class.add(v0, wanted);
    await refused(nl.class.add(v0, wanted), 'EEXIST');
    assert.equal((await nl.class.get(v0, '1:10')).kind, 'htb');
  }),
  'add-no-qdisc': scenario('A class where there is no qdisc with classes', upPair, (nl) =>
    refused(nl.class.add(v0, { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: 125_000 } }), 'ENOENT')),
  'change': scenario('The rate of a class is changed', one, (nl) =>
    nl.class.change(v0, { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: 250_000 } })),
  'delete': scenario('A class is deleted, then it is not there', one, async (nl) => {
    await nl.class.delete(v0, '1:10');
    await refused(nl.class.delete(v0, '1:10'), 'ENOENT');
  }),
};
