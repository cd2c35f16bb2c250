import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Writer } from '../../../src/bytes/writer.ts';
import { isSteps, type Operation } from '../../../src/conversation/operation.ts';
import { EncodeError } from '../../../src/errors.ts';
import * as link from '../../../src/route/link/operations.ts';

/** The error of an operation before it has asked the kernel anything; a question is a failure. */
function refused(make: () => Operation<unknown>): string {
  try {
    const operation = make();
    const last = isSteps(operation) ? operation.next() : { done: true, value: operation };
    if (!last.done) return `it asks first: ${JSON.stringify(last.value)}`;
    const exchange = last.value as { request: { encode(w: Writer, value: object): void }; value: object };
    exchange.request.encode(new Writer(), exchange.value);
    return 'it went through';
  } catch (error) {
    assert.instance(error, EncodeError, String((error as Error).stack));
    return (error as EncodeError).message;
  }
}

const cases: readonly [string, () => Operation<unknown>, RegExp][] = [
  ['an empty name', () => link.add({ name: '', kind: 'ifb' }), /^name: an interface name must not be empty/],
  [
    'a name of 16 bytes',
    () => link.add({ name: 'abcdefghijklmnop', kind: 'ifb' }),
    /^name: an interface name has at most 15 bytes/,
  ],
  ['a name of 15 letters and more bytes', () => link.add({ name: 'äääääääääää', kind: 'ifb' }), /^name: .*has 22/],
  ['a name with a slash', () => link.add({ name: 'a/b', kind: 'ifb' }), /^name: .*no slash/],
  ['a name with a blank', () => link.rename(1, 'a b'), /^name: /],
  ['a new name that is too long', () => link.rename('eth0', 'a-very-long-interface-name'), /^name: /],
  ['a number as name', () => link.add({ name: 5 as never, kind: 'ifb' }), /^name: /],
  ['a negative mtu', () => link.add({ name: 'x', kind: 'ifb', mtu: -1 }), /^mtu: must be a whole number from 0/],
  ['an mtu that is too large', () => link.change(1, { mtu: 2 ** 32 }), /^mtu: /],
  ['an mtu that is no number', () => link.change(1, { mtu: '1500' as never }), /^mtu: .*got "1500"/],
  ['an address that is none', () => link.change(1, { address: '02!00' }), /^address: must be a link-layer address/],
  ['an unknown field', () => link.add({ name: 'x', kind: 'ifb', mtuu: 1 } as never), /^there is no field "mtuu"/],
  [
    'an unknown option',
    () => link.add({ name: 'x', kind: 'bridge', options: { stp: 1 } } as never),
    /^options: there is no field "stp"/,
  ],
  [
    'an option out of range',
    () => link.add({ name: 'x', kind: 'vxlan', options: { id: 1 << 24 } }),
    /^options\.id: must be a whole number from 0 to 16777215/,
  ],
  [
    'a time below zero',
    () => link.add({ name: 'x', kind: 'bridge', options: { ageingTime: -1 } }),
    /^options\.ageingTime: must be seconds/,
  ],
  [
    'an unknown flag',
    () => link.add({ name: 'x', kind: 'macvlan', options: { flags: { promisc: true } } } as never),
    /^options\.flags: has no flag "promisc"/,
  ],
  ['an unknown flag of the link', () => link.change(1, { flags: { upp: true } } as never), /^flags: has no flag "upp"/],
  [
    'an unknown word',
    () => link.add({ name: 'x', kind: 'macvlan', options: { mode: 'bridged' } } as never),
    /^options\.mode: must be one of private, vepa, bridge/,
  ],
  ['up as a word', () => link.change(1, { up: 'yes' as never }), /^up: must be true or false/],
  ['a master that is none', () => link.change(1, { master: -3 }), /^master: must be the index of a link/],
  ['a master without a name', () => link.change(1, { master: '' }), /^master: must not be empty/],
  ['a bad name beside a master', () => link.add({ name: 'a/b', kind: 'ifb', master: 'br0' }), /^name: /],
  ['a bad name beside a namespace', () => link.add({ name: 'a/b', kind: 'ifb', netns: 'blue' }), /^name: /],
  ['a namespace that is none', () => link.change(1, { netns: 7 as never }), /^netns: must be the name or path/],
  [
    'a bad name of a peer',
    () => link.add({ name: 'x', kind: 'veth', options: { peer: { name: 'a/b' } } }),
    /^options\.peer\.name: /,
  ],
  [
    'a bad namespace of a peer',
    () => link.add({ name: 'x', kind: 'veth', options: { peer: { netns: '' } } }),
    /^options\.peer\.netns: /,
  ],
  [
    'a master of a peer',
    () => link.add({ name: 'x', kind: 'veth', options: { peer: { master: 3 } } }),
    /^options\.peer\.master: the kernel does not take it/,
  ],
  [
    'a peer that is brought up elsewhere',
    () => link.add({ name: 'x', kind: 'veth', options: { peer: { up: true, netns: { fd: 9 } } } }),
    /^options\.peer\.up: .*another namespace/,
  ],
  [
    'an alias in another namespace',
    () => link.add({ name: 'x', kind: 'ifb', alias: 'y', netns: { fd: 9 } }),
    /^alias: .*another namespace/,
  ],
  ['an alias of a link without a name', () => link.add({ kind: 'ifb', alias: 'y' }), /^name: is needed beside alias/],
  ['an alias of a link whose name is a pattern', () => link.add({ name: 'v%d', kind: 'ifb', alias: 'y' }), /^name: must be whole beside alias/],
  ['to ensure a pattern', () => link.ensure({ name: 'v%d', kind: 'ifb' }), /^name: must be whole/],
  ['an alias that is too long', () => link.change(1, { alias: 'x'.repeat(256) }), /^alias: must be at most 255 bytes/],
  [
    'an altname that is too long',
    () => link.addAltname(1, 'x'.repeat(128)),
    /^altnames\[0\]: must be at most 127 bytes/,
  ],
  ['no link', () => link.get(0), /^link: must be the index of a link, 1 or more, got 0/],
  ['an index that is no integer', () => link.delete(1.5), /^link: /],
  ['something else as a link', () => link.get({} as never), /^link: must be the index, the name or the object/],
  ['the group of all links', () => link.delete({ group: 0 }), /^group: must not be 0/],
  ['a group that is none', () => link.change({ group: -1 }, { up: true }), /whole number/],
  ['to ensure a link in another namespace', () => link.ensure({ name: 'x', kind: 'ifb', netns: 'blue' }), /^netns: /],
  [
    'a setting that there is not',
    () => link.change(1, { afSpec: { inet: { conf: { nonsense: 1 } } } } as never),
    /^afSpec\.inet\.conf: there is no setting "nonsense"/,
  ],
  [
    'a setting that is no number',
    () => link.change(1, { afSpec: { inet: { conf: { forwarding: true } } } } as never),
    /^afSpec\.inet\.conf\.forwarding: /,
  ],
];

for (const [what, make, text] of cases)
  test(`${what} is refused before anything is sent`, () => assert.match(refused(make), text));

test('undefined is not sent, 0 is', () => {
  const sent = (operation: Operation<unknown>): Uint8Array => {
    const last = (
      operation as Generator<never, { request: { encode(w: Writer, value: object): void }; value: object }>
    ).next();
    assert.is(last.done, true);
    const w = new Writer(),
      exchange = last.value as { request: { encode(w: Writer, value: object): void }; value: object };
    exchange.request.encode(w, exchange.value);
    return Uint8Array.from(w.written());
  };
  assert.equal(sent(link.change(1, { mtu: undefined, alias: undefined })), sent(link.change(1, {})));
  assert.is(sent(link.change(1, { txqlen: 0 })).length, sent(link.change(1, {})).length + 8);
});

test.run();
