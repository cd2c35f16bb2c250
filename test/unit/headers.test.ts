import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attribute, attributes } from '../../src/schema/attributes.ts';
import { flags } from '../../src/schema/flags.ts';
import { message } from '../../src/schema/message.ts';
import { u16, u32 } from '../../src/schema/numbers.ts';
import { protocol } from '../../src/schema/protocol.ts';
import { field, struct } from '../../src/schema/struct.ts';
import { protocols } from '../specs/check.ts';
import { collect } from '../specs/collect.ts';
import { headersDiffer } from '../specs/gaps.ts';
import { compareHeaders, missing } from '../specs/headers.ts';
import { fits } from '../specs/reasons.ts';
import { skip } from '../support/skip.ts';

const reason = missing();

test('a C compiler agrees with our numbers, and with our places in structs', () => {
  if (reason !== undefined) return skip(reason);
  const { agreed, wrong, unknown } = compareHeaders(collect(protocols));
  assert.ok(agreed > 1000, `only ${agreed} names are in the headers`);
  assert.equal(wrong.filter((said) => !fits(headersDiffer, said)), []);
  console.log(`${agreed} names agree with the installed headers, ${unknown.length} are not in them`);
});

test('the compiler sees what is wrong', () => {
  if (reason !== undefined) return skip(reason);
  const header = struct('ifinfomsg', 16, { index: field('ifi_index', 4, u32), type: field('ifi_type', 3, u16) });
  const made = protocol('T', 0, {
    17: { cName: 'RTM_NEWLINK', message: message('t', header, attributes({
      mtu: attribute('IFLA_MTU', 4, u32),
      name: attribute('IFLA_IFNAME', 5, u32),
      bits: attribute('IFLA_GROUP', 27, flags(u32, { up: ['IFF_UP', 1], debug: ['IFF_DEBUG', 8] })),
      none: attribute('IFLA_NO_SUCH_THING', 99, u32),
    })) },
  });
  const { wrong, unknown, agreed } = compareHeaders(collect([made]));
  assert.equal([...wrong].sort(), ['IFF_DEBUG is 8', 'IFLA_IFNAME is 5', 'RTM_NEWLINK is 17', 'ifinfomsg.ifi_type is at 3']);
  assert.equal(unknown, ['IFLA_NO_SUCH_THING is 99']);
  assert.is(agreed, 5);
});

test.run();
