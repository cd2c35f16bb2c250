import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { difference } from '../../../src/route/link/difference.ts';
import { linkMessage } from '../../../src/route/link/message.ts';

const tunnel = (flags: object) => ({ kind: 'ip6tnl', options: { flags } });
const change = (wanted: object, present: object) => difference(linkMessage.body, tunnel(wanted), tunnel(present));

test('flags without a mask are compared one by one, and sent with those that are there', () => {
  const present = { ignEncapLimit: true, capXmit: true };
  assert.is(change({ ignEncapLimit: true }, present), undefined, 'the kernel sets capXmit itself');
  assert.is(change({ ignEncapLimit: true, useOrigTclass: false }, present), undefined);
  assert.is(change({}, present), undefined);
  assert.equal(change({ useOrigTclass: true }, present), { options: { flags: { ...present, useOrigTclass: true } } });
  assert.equal(change({ ignEncapLimit: false }, present), { options: { flags: { ...present, ignEncapLimit: false } } });
});

test.run();
