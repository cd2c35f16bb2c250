import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import type { MdbEntry } from '../../../src/route/mdb/message.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'br0', kind: 'bridge', up: true });
nl.sync.link.add({ name: 'p0', kind: 'veth', options: { peer: { name: 'q0' } } });
nl.sync.link.change('p0', { master: 'br0', up: true });
nl.sync.link.change('q0', { up: true });
test.after(() => nl.close());

const missing = await nl.mdb.add({ dev: 'br0', port: 'p0', group: '239.9.9.9' }).then(() => undefined, (error) => (error instanceof KernelError && ['EOPNOTSUPP', 'EINVAL'].includes(error.code) ? error : Promise.reject(error)));
if (!missing) await nl.mdb.delete({ dev: 'br0', port: 'p0', group: '239.9.9.9' });

test('groups made by bridge and by us are listed alike', async () => {
  if (!installed('bridge')) return skip('bridge is not installed');
  sh('bridge', 'mdb add dev br0 port p0 grp 239.1.1.1 permanent');
  sh('bridge', 'mdb add dev br0 port p0 grp ff0e::1 temp');
  sh('bridge', 'mdb add dev br0 port p0 grp 239.1.1.2 src 192.0.2.1 permanent');
  await nl.mdb.add({ dev: 'br0', port: 'p0', group: '239.2.1.1', state: 'permanent' });
  await nl.mdb.add({ dev: 'br0', port: 'p0', group: 'ff0e::2' });
  await nl.mdb.add({ dev: 'br0', port: 'p0', group: '239.2.1.2', source: '192.0.2.1', state: 'permanent' });
  await nl.mdb.add({ dev: 'br0', port: 'p0', group: '01:00:5e:7f:00:05', state: 'permanent' });
  const names = new Map((await nl.link.list()).map((link) => [link.index, link.name]));
  const key = (...parts: unknown[]) => parts.join(' ');
  const theirs = json('bridge', 'mdb show')[0].mdb.map((m: any) => key(m.dev, m.port, m.grp, m.src, m.state === 'temp' ? 'temporary' : m.state, m.filter_mode)).sort();
  const entries = await nl.mdb.list({ dev: 'br0' });
  const ours = entries.map((e: MdbEntry) => key(names.get(e.index), names.get(e.port!), e.group, e.source, e.state, e.filterMode)).sort();
  assert.equal(ours.filter((line) => / (239|01:)| ff0e/.test(line)), theirs.filter((line: string) => / (239|01:)| ff0e/.test(line)));
  const made = entries.filter((e: MdbEntry) => /^(239|01:|ff0e)/.test(e.group!));
  assert.is(made.length, 7);
  assert.ok(made.find((e: MdbEntry) => e.group === 'ff0e::2')!.timer! > 100);
  for (const entry of made) await nl.mdb.delete(entry as MdbEntry & { port: number; group: string });
  assert.equal((await nl.mdb.list()).filter((e: MdbEntry) => /^(239|01:|ff0e)/.test(e.group!)), []);
});

test('replace with many sources, get, events, flush', async () => {
  await nl.link.change('br0', { kind: 'bridge', options: { mcastIgmpVersion: 3 } }); // without it, sources are kept but not told
  using events = nl.events(['mdb']);
  const lacks = (error: unknown): KernelError | undefined => {
    if (error instanceof KernelError && ['EOPNOTSUPP', 'EINVAL'].includes(error.code)) return error;
    throw error;
  };
  const given = { dev: 'br0', port: 'p0', group: '239.5.1.1', state: 'permanent', filterMode: 'include', sources: [{ address: '192.0.2.1' }, { address: '192.0.2.2' }], protocol: 'static' } as const;
  const no = await nl.mdb.replace(given).then(() => undefined, lacks);
  if (no) return skip(`no sources given by hand here: ${no.message}`);
  const { value } = await events.next();
  assert.ok(value.type === 'mdb' && value.action === 'new' && value.mdb.entries!.length > 0);
  const found = (await nl.mdb.list()).find((e) => e.group === '239.5.1.1' && !e.source)!;
  assert.equal([found.filterMode, found.protocol, found.sources!.map((s) => s.address).sort()], ['include', 'static', ['192.0.2.1', '192.0.2.2']]);
  const one = await nl.mdb.get({ dev: 'br0', group: '239.5.1.1' }).catch(lacks);
  if (!Array.isArray(one)) return skip(`one group is not looked up here: ${one!.message}`);
  assert.equal(one.map((e) => e.group), ['239.5.1.1']);
  assert.is((await refusal(nl.mdb.get({ dev: 'br0', group: '239.7.7.7' }))).code, 'ENOENT');
  await nl.mdb.flush('br0', { protocol: 'static' });
  assert.equal((await nl.mdb.list()).filter((e) => e.group === '239.5.1.1'), []);
});

test('a port behind which there is a router of multicast', async () => {
  assert.equal(await nl.mdb.routers({ dev: 'br0' }), []);
  await nl.link.change('p0', { portKind: 'bridge', port: { mcastRouter: 'perm' } });
  const [router, ...more] = await nl.mdb.routers({ dev: 'br0' }), p0 = (await nl.link.get('p0')).index;
  assert.equal([router!.port, router!.type, more.length], [p0, 'perm', 0]);
  if (installed('bridge')) assert.equal(json('bridge', 'mdb show')[0].router.br0.map((one: any) => one.port), ['p0']);
  assert.equal(await nl.mdb.routers({ dev: 'q0' }), []);
  await nl.link.change('p0', { portKind: 'bridge', port: { mcastRouter: 'tempQuery' } });
});

test('bad input is refused before anything is sent', async () => {
  for (const [bad, field] of [[{ dev: 1, port: 1, group: 'x' }, 'entry.group'], [{ port: 1, group: '239.1.1.1' }, 'dev'], [{ dev: 1, port: 1, group: '239.1.1.1', vlan: -1 }, 'entry.vlan'], [null, 'entry']] as const) {
    const error = await refusal(nl.mdb.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field]);
  }
});

if (missing) skip(`no multicast snooping here: ${missing.message}`);
else test.run();
