import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMac, unhex } from '../../../src/bytes/hex.ts';
import { formatPrefix, parseIPv4, parseIPv6, repeatedPrefix } from '../../../src/bytes/ip.ts';
import { allocate } from '../../../src/bytes/memory.ts';
import { dice } from '../../support/witness.ts';

test('a prefix is spelt the same whether its parts are looked up or not, and when it comes again', () => {
  const m = allocate(24), repeated = repeatedPrefix(), roll = dice(7);
  for (let i = 0; i < 20_000; i++) {
    const at = [0, 4, 6, 7][i % 4]!, length = roll(34);
    if (roll(3) > 0) for (let k = 0; k < 4; k++) m.bytes[at + k] = roll(2) * roll(256);
    const text = `${[...m.bytes.subarray(at, at + 4)].join('.')}/${length}`;
    assert.is(formatPrefix(m, at, at + 4, length), text);
    assert.is(repeated(m, at, at + 4, length), text);
  }
  m.bytes.fill(0);
  assert.is(repeated(m, 0, 16, 64), '::/64');
  assert.is(repeated(m, 0, 4, 0), '0.0.0.0/0');
});

test('what Node takes for an address is one, and nothing else', () => {
  const parts = ['', ':', '::', '1', '0', 'ffff', '10000', 'g', '1.2.3.4', '1.2.3', '256.1.1.1', '01.2.3.4', '::1', '1::', '%eth0', '.'];
  let good = 0;
  for (const a of parts) for (const b of parts) for (const c of parts) for (const joint of ['', ':']) {
    const text = [a, b, c].join(joint);
    assert.is(parseIPv4(text) !== undefined, isIPv4(text), text);
    assert.is(parseIPv6(text) !== undefined, isIPv6(text) && !text.includes('%'), text);
    if (isIPv6(text)) good++;
  }
  assert.ok(good > 20);
  assert.is(Buffer.from(parseIPv6('::ffff:192.0.2.1')!).toString('hex'), '00000000000000000000ffffc0000201');
  assert.is(Buffer.from(parseIPv6('1:2:3:4:5:6:192.0.2.1')!).toString('hex'), '000100020003000400050006c0000201');
});

test('hex digits are bytes, two each', () => {
  for (const [text, bytes] of [['', []], ['00fF', [0, 255]]] as const) assert.equal([...unhex(text)!], bytes);
  for (const [text, bytes] of [['', []], ['2', [2]], ['02:fF-1', [2, 255, 1]]] as const) assert.equal([...parseMac(text)!], bytes, text);
  for (const text of [':', '02:', '02:123', 'x']) assert.is(parseMac(text), undefined, text);
  for (const text of ['0', '0g', '0x00']) assert.is(unhex(text), undefined, text);
});

test.run();
