// timeout: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { add } from '../../../src/route/link/operations.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import { absent } from '../../support/installed.ts';
import { linkCases } from '../../support/link-cases.ts';
import { sentBy, sentByUs, type Sent } from '../../support/sent.ts';
import { skip } from '../../support/skip.ts';
import { sh } from '../../support/witness.ts';

/** Without what `ip` says to every ip6gre, and no kernel asks for: the version of ERSPAN. */
function said({ cName, flags, value }: Sent): object {
  const { options: { unknown: _, ...options } = {}, ...link } = value;
  return structuredClone({ cName, flags, link, options });
}

const reason = absent('ip', 'strace');
if (reason !== undefined) skip(reason);
else {
  test.before(() => void sh('ip', 'link add t0 index 7 type veth peer name t1 index 8'));
  for (const { line, ours } of linkCases)
    test(`ip link ${line}`, () => {
      const theirs = sentBy(routeProtocol, 'ip', 'link', ...line.split(' ')).findLast(({ cName }) => cName === 'RTM_NEWLINK'); // the first asks whether there is such a thing
      assert.ok(theirs, `ip link ${line} sends nothing`);
      assert.equal(said(sentByUs(routeProtocol, add(ours))), said(theirs!), `ip link ${line}`);
    });
  test.run();
}
