import assert from 'node:assert/strict';
import { refused, scenario, upPair, v0, type Scenarios } from '../scenario.ts';

const ingress = [...upPair, 'tc qdisc add dev v0 ingress'];
const chain = { parent: 'ffff:', chain: 5 };

export const scenarios: Scenarios = {
  'add': scenario('A chain is made before its first filter, then listed and asked for', ingress, async (nl) => {
    await nl.chain.add(v0, chain);
    assert.deepEqual((await nl.chain.list(v0, { parent: 'ffff:' })).map((one) => one.chain), [5]);
    assert.equal((await nl.chain.get(v0, chain)).chain, 5);
  }),
  'add-exists': scenario('A chain that is there', [...ingress, 'tc chain add dev v0 ingress chain 5'], (nl) =>
    refused(nl.chain.add(v0, chain), 'EEXIST')),
  'add-no-qdisc': scenario('A chain below a qdisc that is not there', upPair, (nl) => refused(nl.chain.add(v0, chain), 'EINVAL')),
  'block': scenario('A chain of a block that two links share', [
    ...upPair, 'tc qdisc add dev v0 ingress_block 22 ingress', 'tc qdisc add dev v1 ingress_block 22 ingress',
  ], async (nl) => {
    await nl.chain.add({ block: 22 }, { chain: 3 });
    assert.deepEqual((await nl.chain.list({ block: 22 })).map((one) => one.chain), [3]);
  }),
  'delete': scenario('A chain is deleted, then it is not there', [...ingress, 'tc chain add dev v0 ingress chain 5'], async (nl) => {
    await nl.chain.delete(v0, chain);
    await refused(nl.chain.get(v0, chain), 'EINVAL');
  }),
};
