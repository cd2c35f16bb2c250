import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { chainMessage } from '../../../src/netfilter/chain/message.ts';
import { conntrackMessage } from '../../../src/netfilter/conntrack/message.ts';
import { elementMessage } from '../../../src/netfilter/element/message.ts';
import { expressions } from '../../../src/netfilter/expressions/index.ts';
import { flowtableMessage } from '../../../src/netfilter/flowtable/message.ts';
import { objectMessage } from '../../../src/netfilter/object/message.ts';
import { ruleMessage } from '../../../src/netfilter/rule/message.ts';
import { setMessage } from '../../../src/netfilter/set/message.ts';
import { tableMessage } from '../../../src/netfilter/table/message.ts';
import { DecodeError } from '../../../src/errors.ts';
import type { Message } from '../../../src/schema/message.ts';
import { generateSet } from '../../support/generate.ts';
import { dice } from '../../support/witness.ts';

function written(message: Message<any, any>, value: object): Uint8Array {
  const w = new Writer();
  w.full = true;
  message.encode(w, value);
  return Uint8Array.from(w.written());
}
const readBack = (message: Message<any, any>, bytes: Uint8Array): any =>
  message.decode(memoryOf(bytes), 0, bytes.length);

/** Flags that are false are absent when read. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== false &&
    inner !== undefined).map(([key, inner]) => [key, comparable(inner)]));
}

for (const [name, set] of Object.entries(expressions))
  test(`${name} survives, and so does what a later kernel adds`, () => {
    const roll = dice(name.length * 31 + name.charCodeAt(0));
    for (let round = 0; round < 40; round++) {
      const unknown = [{ type: 999, data: Uint8Array.of(1, 2, 3) }];
      const data = { ...generateSet(set as never, roll), unknown },
        value = { family: 'ip', table: 't', chain: 'c', expressions: [{ name, data }] };
      if (name === 'exthdr' && Object.keys(comparable(data) as { flags?: object }).includes('flags') &&
      Object.keys((comparable(data) as any).flags).length === 0)
        continue;
      const bytes = written(ruleMessage, value), rule = readBack(ruleMessage, bytes);
      assert.equal(comparable(rule.expressions), comparable(value.expressions));
      assert.equal(written(ruleMessage, rule), bytes);
    }
  });

for (const message of [tableMessage, chainMessage, setMessage, elementMessage, objectMessage, flowtableMessage,
  conntrackMessage] as Message<any, any>[])
  test(`a ${message.name} survives; cut anywhere it is unreadable or shorter`, () => {
    const roll = dice(message.name.length * 77 + 5);
    for (let round = 0; round < 60; round++) {
      const value = { family: 'ip', ...generateSet(message.body, roll, ['orig', 'reply', 'master']) },
        bytes = written(message, value);
      assert.equal(written(message, readBack(message, bytes)), bytes);
      const cut = bytes.slice(0, roll(bytes.length));
      try {
        readBack(message, cut);
      } catch (error) {
        assert.instance(error, DecodeError);
      }
    }
  });

test('a connection of either family has its addresses in one place', () => {
  for (const [family, src, dst] of [['ip', '10.0.0.1', '10.0.0.2'], ['ip6', 'fd00::1', 'fd00::2']] as const) {
    const value = { family, orig: { src, dst, protocol: 'tcp', sport: 1, dport: 2, zone: 3 },
      reply: { src: dst, dst: src, protocol: 'icmp', icmpId: 1, icmpType: 0, icmpCode: 0 } };
    const bytes = written(conntrackMessage, value), read = readBack(conntrackMessage, bytes);
    assert.equal(read, value);
    assert.equal(written(conntrackMessage, read), bytes);
  }
});

test('an expression that nobody knows keeps its bytes', () => {
  const rule = { family: 'ip', table: 't', chain: 'c',
    expressions: [{ name: 'tomorrow', data: Uint8Array.of(8, 0, 1, 0, 0, 0, 0, 9) }, { name: 'bare' }] };
  const bytes = written(ruleMessage, rule);
  assert.equal(readBack(ruleMessage, bytes), rule);
});

test('a rule as nft sends it', () => {
  // nft add rule ip t pre udp dport 5353 redirect to :53, with --debug=mnl
  const hex = '02000000' + '06000100' + '74000000' + '08000200' + '70726500' + '04010480' +
    '24000180' + '09000100' + '6d657461' + '00000000' + '14000280' + '08000200' + '00000010' + '08000100' + '00000001' +
    '2c000180' + '08000100' + '636d7000' + '20000280' + '08000100' + '00000001' + '08000200' + '00000000' + '0c000380' + '05000100' + '11000000' +
    '34000180' + '0c000100' + '7061796c' + '6f616400' + '24000280' + '08000100' + '00000001' + '08000200' + '00000002' + '08000300' + '00000002' + '08000400' + '00000002' +
    '2c000180' + '08000100' + '636d7000' + '20000280' + '08000100' + '00000001' + '08000200' + '00000000' + '0c000380' + '06000100' + '14e90000' +
    '2c000180' + '0e000100' + '696d6d65' + '64696174' + '65000000' + '18000280' + '08000100' + '00000001' + '0c000280' + '06000100' + '00350000' +
    '24000180' + '0a000100' + '72656469' + '72000000' + '14000280' + '08000100' + '00000001' + '08000300' + '00000002';
  const rule = readBack(ruleMessage, Uint8Array.from(Buffer.from(hex, 'hex')));
  assert.is(Buffer.from(written(ruleMessage, rule)).toString('hex'), hex);
  assert.equal(rule.expressions.map(({ name }: { name: string }) => name),
    ['meta', 'cmp', 'payload', 'cmp', 'immediate', 'redir']);
  assert.equal(rule.expressions[5].data, { portMin: 1, flags: { protoSpecified: true } });
});

test.run();
