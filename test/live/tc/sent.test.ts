// timeout: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { routeProtocol } from '../../../src/route/protocol.ts';
import { absent } from '../../support/installed.ts';
import { sentBy, sentByUs, type Sent } from '../../support/sent.ts';
import { skip } from '../../support/skip.ts';
import { sh } from '../../support/witness.ts';
import { actionCases, classCases, filterCases, qdiscCases, type Case } from '../../support/tc-cases.ts';

/** The request of the command that changes something, and ours for the same. */
function compare({ line, ours }: Case): void {
  const theirs = sentBy(routeProtocol, 'tc', ...line.split(' ').map((word) => word.replaceAll('~', ' '))).find(({ cName }) => /^RTM_(NEW|DEL)(QDISC|TCLASS|TFILTER|CHAIN|ACTION)$/.test(cName));
  assert.ok(theirs, `tc ${line} sends nothing`);
  if (theirs!.cName === 'RTM_DELACTION') delete theirs!.value.flags; // how a dump is to be, which this is not
  const mine = sentByUs(routeProtocol, ours());
  assert.equal(said(mine), said(theirs!), `tc ${line}`);
}

const said = ({ cName, flags, value }: Sent) => structuredClone({ cName, flags, value });

const reason = absent('tc', 'ip', 'strace');
if (reason !== undefined) skip(reason);
else {
  test.before(() => {
    sh('ip', 'link add t0 index 7 type veth peer name t1 index 8');
    sh('ip', 'link set t1 down');
  });
  for (const [what, cases] of Object.entries({ qdisc: qdiscCases, class: classCases, filter: filterCases, action: actionCases }))
    for (const one of cases) test(`${what}: tc ${one.line}`, () => compare(one));
  test.run();
}
