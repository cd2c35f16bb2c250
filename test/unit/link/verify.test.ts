import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ignoredOfLink } from '../../../src/route/link/verify.ts';

/* What of a message the link does not have afterwards. What a kernel tells of its links is given here. */
type Given = Readonly<Record<string, unknown>>;

/** The fields that were ignored; each link that is asked for is the next of those given. */
function ignored(wire: Given, ...links: readonly Given[]): unknown[] {
  const steps = ignoredOfLink('link.add', 'x', wire), asked = links.values();
  for (let step = steps.next(); ; ) {
    if (step.done) return step.value.map(({ field, wanted, present }) => [field, wanted, present]);
    const link = asked.next();
    assert.not.ok(link.done, 'it asks for one more');
    step = steps.next({ index: 7, name: 'x', flags: {}, ...link.value });
  }
}

test('what nobody can look at is not looked at', () => {
  for (const [ref, wire] of [[undefined, {}], ['x%d', {}], ['x', { netnsFd: 4 }]] as const)
    assert.equal(ignoredOfLink('link.add', ref, wire).next(), { done: true, value: [] });
});

test('numbers, names, flags and other names', () => {
  assert.equal(ignored({ name: 'x', mtu: 1400, alias: 'a' }, { mtu: 1400, alias: 'a' }), []);
  assert.equal(ignored({ mtu: 1400 }, { mtu: 1500 }), [['mtu', 1400, 1500]]);
  assert.equal(ignored({ index: 9 }, {}), [['index', 9, 7]]);
  assert.equal(ignored({ index: 7, altnames: ['a'] }, { altnames: ['a', 'b'] }), []);
  assert.equal(ignored({ altnames: ['a'] }, { altnames: ['b'] }), [['altnames', ['a'], ['b']]]);
  assert.equal(ignored({ altnames: ['a'] }, {}), [['altnames', ['a'], undefined]]);
  assert.equal(ignored({ flags: { up: true } }, {}), [['flags.up', true, undefined]]);
  assert.equal(ignored({ flags: { up: true } }, { flags: { up: true } }), []);
});

test('what is 0 or empty is not told by the kernel, nor how many queues a kernel of one processor has', () => {
  assert.equal(ignored({ master: 0, link: 0, alias: '', numRxQueues: 4 }, {}), []);
  assert.equal(ignored({ master: 0 }, { master: 3 }), [['master', 0, 3]]);
  assert.equal(ignored({ numRxQueues: 4 }, { numRxQueues: 1 }), [['numRxQueues', 4, 1]]);
});

test('options of kinds: those that are done and those that are never told are not missed', () => {
  assert.equal(ignored({ kind: 'bridge', options: { stpState: 0, fdbFlush: true } }, { kind: 'bridge', options: { stpState: 1 } }), [['options.stpState', 0, 1]]);
  assert.equal(ignored({ kind: 'bridge', options: { stpState: 0 } }, { kind: 'bridge' }), [['options.stpState', 0, undefined]]);
  assert.equal(ignored({ kind: 'hsr', options: { version: 1 } }, { kind: 'hsr', options: {} }), []);
  assert.equal(ignored({ kind: 'macsec', options: { port: 5, encrypt: true } }, { kind: 'macsec', options: { encrypt: true } }), []);
  assert.equal(ignored({ portKind: 'bridge', port: { flush: true, hairpin: true } }, { portKind: 'bridge', port: { hairpin: false } }), [['port.hairpin', true, false]]);
});

test('a list has an order of the kernel\'s own, a time its ticks', () => {
  const bond = (arpIpTarget: readonly string[]) => ({ kind: 'bond', options: { arpIpTarget } });
  assert.equal(ignored(bond(['10.0.0.1', '10.0.0.2']), bond(['10.0.0.2', '10.0.0.1'])), []);
  assert.equal(ignored(bond(['10.0.0.1', '10.0.0.2']), bond(['10.0.0.1'])), [['options.arpIpTarget', ['10.0.0.1', '10.0.0.2'], ['10.0.0.1']]]);
  assert.equal(ignored(bond(['10.0.0.1']), { kind: 'bond', options: {} }), [['options.arpIpTarget', ['10.0.0.1'], undefined]]);
  const bridge = (forwardDelay: number) => ({ kind: 'bridge', options: { forwardDelay } });
  assert.equal(ignored(bridge(2.01), bridge(2)), []);
  assert.equal(ignored(bridge(2.5), bridge(2)), [['options.forwardDelay', 2.5, 2]]);
});

test('the other end of a pair is looked at where it can be', () => {
  const pair = (peer: object) => ({ kind: 'veth', link: 4, options: { peer } });
  assert.equal(ignored(pair({ name: 'y', mtu: 1400 }), { kind: 'veth', link: 8 }, { name: 'y', mtu: 1500 }), [['options.peer.mtu', 1400, 1500]]);
  assert.equal(ignored(pair({ mtu: 1400 }), { kind: 'veth' }), [], 'it is elsewhere');
  assert.equal(ignored(pair({ mtu: 1400, netnsFd: 4 }), { kind: 'veth', link: 8 }), []);
});

test.run();
