import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../src/errors.ts';
import { nduseroptMessage } from '../../../src/route/announced/nduseropt.ts';
import { prefixMessage } from '../../../src/route/announced/prefix.ts';
import { decoded, encoded, roundTrip } from '../../support/bytes.ts';

test('options that routers announce lie between header and attributes', () => {
  const rdnss = `19030000000007 08`.replaceAll(' ', '') + '20010db8000000000000000000000053';
  const text = `0a00180003000000 8600000000000000 ${rdnss} 14000100fe800000000000000000000000000001`;
  const value = decoded(nduseroptMessage, text);
  assert.equal([value.family, value.index, value.icmpType, value.source], ['inet6', 3, 134, 'fe80::1']);
  assert.equal(value.options.map(({ type, data }: any) => [type, Buffer.from(data).toString('hex')]), [[25, rdnss.slice(4)]]);
  assert.equal(roundTrip(nduseroptMessage, value), value);
  assert.throws(() => decoded(nduseroptMessage, '0a00ff0003000000 8600000000000000'), (error: unknown) => error instanceof DecodeError);
  assert.throws(() => decoded(nduseroptMessage, '0a00080003000000 8600000000000000 1900000000000000'), (error: unknown) => error instanceof DecodeError);
});

test('prefixes that routers announce', () => {
  const value = { family: 'inet6', index: 3, type: 3, length: 64, flags: { onlink: true, autoconf: true }, address: 'fc00::', cacheinfo: { preferredLft: 100, validLft: 'forever' } };
  assert.equal(roundTrip(prefixMessage, value), value);
  assert.is(encoded(prefixMessage, { family: 'inet6', index: 3, type: 3, length: 64, flags: { onlink: true } }), '0a0000000300000003408000');
  for (const byte of ['c0', '03']) assert.equal(decoded(prefixMessage, `0a000000030000000340${byte}00`).flags, { onlink: true, autoconf: true }, `${byte}, of newer and of older kernels`);
});

test.run();
