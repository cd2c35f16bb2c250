import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mdbMessage, mdbRequest } from '../../../src/route/mdb/message.ts';
import { decoded, encoded, roundTrip } from '../../support/bytes.ts';

const entry = '0200000001000000 efa00101' + '00'.repeat(12) + '08000000';

test('a request and an answer have the same numbers and are told apart', () => {
  const text = encoded(mdbRequest, { family: 'bridge', index: 5, entry: { port: 2, state: 'permanent', group: '239.160.1.1' } });
  assert.is(text.replaceAll(' ', ''), ('0700000005000000 20000100' + entry).replaceAll(' ', ''));
  assert.equal((decoded(mdbMessage, text) as any).entry.group, '239.160.1.1');
  const answer = decoded(mdbMessage, `0700000005000000 28000180 24000180 20000100 ${entry}`);
  assert.equal(answer.entries, [{ infos: [{ port: 2, state: 'permanent', flags: {}, vlan: 0, group: '239.160.1.1' }] }]);
});

test('what is read is what was written', () => {
  const info = { port: 2, state: 'temporary', flags: { fastLeave: true }, vlan: 7 };
  for (const value of [
    { family: 'bridge', index: 5, entries: [{ infos: [{ ...info, group: 'ff0e::1', timer: 259.5, filterMode: 'include', protocol: 'static', sources: [{ address: 'fc00::1', timer: 3 }, { address: 'fc00::2' }] }, { ...info, group: '01:00:5e:00:00:01' }] }], routers: [{ port: 3, timer: 5, type: 'temp' }] },
    { family: 'bridge', index: 5, entries: [{ infos: [{ ...info, group: '239.1.1.1', source: '192.0.2.1', dst: '192.0.2.9', dstPort: 4789, vni: 10, via: 4, srcVni: 9 }] }] },
  ]) assert.equal(roundTrip(mdbMessage, value), value);
});

test.run();
