import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EncodeError } from '../../../src/errors.ts';
import { addrMessage } from '../../../src/route/addr/message.ts';
import { prepare } from '../../../src/route/addr/prepare.ts';
import { networkOf } from '../../../src/route/prefix.ts';
import { decoded, encoded, roundTrip } from '../../support/bytes.ts';

test('an IPv4 address is sent as IFA_ADDRESS and IFA_LOCAL, its length in the header', () => {
  assert.is(encoded(addrMessage, prepare('172.24.133.39/24', 3)), '0218000003000000 08000100ac188527 08000200ac188527');
  assert.is(encoded(addrMessage, prepare({ address: '10.0.0.1', peer: '10.0.0.2/24' }, 3)), '0218000003000000 080001000a000002 080002000a000001');
  assert.is(encoded(addrMessage, prepare({ address: '127.0.0.1/8' }, 1)), '020800fe01000000 080001007f000001 080002007f000001');
});

test('an IPv6 address is sent as IFA_ADDRESS, with a peer as IFA_LOCAL', () => {
  assert.is(encoded(addrMessage, prepare('fc00::1/64', 3)), '0a40000003000000 14000100fc000000000000000000000000000001');
  assert.is(encoded(addrMessage, prepare({ address: 'fc00::1/64', peer: 'fc00::2' }, 3)),
    '0a40000003000000 14000200fc000000000000000000000000000001 14000100fc000000000000000000000000000002');
});

test('broadcast, label, lifetimes, flags beyond eight bits', () => {
  const value = prepare({ address: '10.0.0.1/24', broadcast: 'auto', label: 'eth0:1', validLft: 60, preferredLft: 30, flags: { noprefixroute: true, permanent: true }, metric: 5 }, 3);
  assert.is(encoded(addrMessage, value), '0218800003000000 080001000a000001 080002000a000001 080004000a0000ff 0b000300657468303a310000 0800080080020000 0800090005000000 140006001e0000003c0000000000000000000000');
  assert.is(prepare({ address: '10.0.0.1/31', broadcast: 'auto' }, 1).broadcast, undefined);
  assert.is(prepare({ address: '10.1.2.3/13', broadcast: 'auto' }, 1).broadcast, '10.7.255.255');
});

test('the low bit of the flags has a name in each family', () => {
  assert.equal(decoded(addrMessage, '0218810003000000 080001000a000001 080002000a000001').flags, { secondary: true, permanent: true });
  assert.equal(decoded(addrMessage, '0a40010003000000 14000100fc000000000000000000000000000001').flags, { temporary: true });
});

test('what is read is what was written', () => {
  for (const value of [
    { address: '10.0.0.1/24', family: 'inet', scope: 'global', index: 3, flags: { permanent: true }, label: 'eth0', validLft: 'forever', preferredLft: 'forever', created: 12.34, updated: 56.78 },
    { address: '10.0.0.1/32', peer: '10.0.0.2/32', family: 'inet', scope: 'link', index: 3, flags: {}, proto: 9 },
    { address: 'fc00::1/64', peer: 'fc00::2/64', family: 'inet6', scope: 'global', index: 3, flags: { nodad: true }, unknown: [{ type: 99, data: new Uint8Array([1, 2, 3]) }] },
    { address: 'fe80::1/64', family: 'inet6', scope: 'link', index: 4, flags: { tentative: true, unknown: 0x4000 }, metric: 256 },
  ]) assert.equal(roundTrip(addrMessage, value), value);
});

test('what is wrong is named', () => {
  const field = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      assert.instance(error, EncodeError);
      return (error as EncodeError).field;
    }
    throw new Error('it went well');
  };
  assert.is(field(() => prepare('10.0.0.1/240', 1)), 'address');
  assert.is(field(() => prepare({ address: 'fc00::1/64', broadcast: 'auto' }, 1)), 'broadcast');
  assert.is(field(() => encoded(addrMessage, prepare({ address: '10.0.0.1/24', validLft: 1.5 }, 1))), 'validLft');
  assert.is(field(() => encoded(addrMessage, prepare({ address: '10.0.0.1/24', lable: 'x' } as never, 1))), '');
});

test('networks', () => {
  assert.is(networkOf('192.0.2.77/26'), '192.0.2.64/26');
  assert.is(networkOf('10.1.2.3/0'), '0.0.0.0/0');
  assert.is(networkOf('fc00:1:2:3::4/50'), 'fc00:1:2::/50');
  assert.is(networkOf('10.1.2.3'), '10.1.2.3/32');
});

test.run();
