import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually, json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.change('v0', { up: true });
const index = nl.sync.link.get('v0').index;
test.after(() => nl.close());

test('address labels', async () => {
  await nl.addrlabel.add({ prefix: 'fc00:1::/32', label: 77 });
  await nl.addrlabel.add({ prefix: 'fc00:2::/32', label: 78, dev: 'v0' });
  if (installed('ip')) {
    const theirs = json('ip', 'addrlabel list').map(({ address, prefixlen, ifname, label }) => `${address}${prefixlen === undefined ? '' : `/${prefixlen}`} ${ifname} ${label}`.replace(/^(\S+)\/(\d+)\/\d+/, '$1/$2'));
    assert.equal((await nl.addrlabel.list()).map((entry) => `${entry.prefix} ${entry.index ? 'v0' : undefined} ${entry.label}`), theirs);
  } else skip('ip is not installed');
  assert.is((await nl.addrlabel.get('fc00:1::5')).label, 77);
  await nl.addrlabel.replace({ prefix: 'fc00:1::/32', label: 79 });
  assert.is((await nl.addrlabel.get('fc00:1::5')).label, 79);
  assert.is((await refusal(nl.addrlabel.add({ prefix: 'fc00:1::/32', label: 80 }))).code, 'EEXIST');
  for (const entry of (await nl.addrlabel.list()).filter((entry) => entry.prefix!.startsWith('fc00:'))) await nl.addrlabel.delete(entry);
  assert.equal((await nl.addrlabel.list()).filter((entry) => entry.prefix!.startsWith('fc00:')), []);
  assert.is((await refusal(nl.addrlabel.add({ prefix: '10.0.0.0/8', label: 1 }))).field, 'prefix');
});

test('settings of links', async () => {
  const all = await nl.netconf.get('all');
  assert.is(all.index, 'all');
  assert.ok((await nl.netconf.list({ family: 'inet6' })).every((entry) => entry.family === 'inet6'));
  const one = await nl.netconf.get('v0');
  assert.equal([one.index, one.family, one.forwarding], [index, 'inet', 0]);
  if (!installed('ip')) return skip('ip is not installed');
  const theirs = sh('ip', '-4 netconf show').trim().split('\n').length;
  assert.is((await nl.netconf.list({ family: 'inet' })).length, theirs);
  assert.is((await nl.netconf.get('default', 'inet6')).index, 'default');
});

test('groups that links listen to', async () => {
  await nl.addr.add('v0', { address: 'fc00::1/64', flags: { nodad: true } });
  const joined = async () => (await nl.addr.multicast({ dev: 'v0', family: 'inet6' })).map((entry) => entry.multicast);
  await eventually(async () => (await joined()).includes('ff02::1:ff00:1'));
  const groups = await joined();
  if (installed('ip')) {
    const theirs = json('ip', '-6 maddress show dev v0')[0].maddr.map((entry: { address: string }) => entry.address);
    assert.equal(groups.sort(), theirs.sort());
  } else skip('ip is not installed');
  assert.ok(groups.includes('ff02::1'));
  assert.equal(await nl.addr.anycast({ dev: 'v0' }), []);
  sh('sysctl', '-q -w net.ipv6.conf.v0.forwarding=1');
  assert.ok((await nl.addr.anycast({ dev: 'v0' })).some((entry) => entry.anycast === 'fc00::'));
});

test('netconf and nsid events', async () => {
  using events = nl.events(['netconf']);
  sh('sysctl', '-q -w net.ipv4.conf.v0.forwarding=1');
  const { value } = await events.next();
  assert.equal(value.type === 'netconf' && [value.action, value.netconf.index, value.netconf.forwarding], ['new', index, 1]);
});

test.run();
