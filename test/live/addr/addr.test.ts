import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Addr } from '../../../src/route/addr/message.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { dice, json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.change('v0', { up: true });
nl.sync.link.change('v1', { up: true });
test.before.each(() => void nl.sync.addr.flush('v0'));
test.after(() => nl.close());

/** One of our addresses in the words of `ip -json`. */
function asIp(addr: Addr): object {
  const [local, length] = addr.address.split('/'), { flags } = addr;
  const on = Object.fromEntries(['deprecated', 'tentative', 'dadfailed', 'nodad', 'optimistic', 'noprefixroute', 'autojoin', 'mngtmpaddr', 'home']
    .filter((flag) => (flags as any)[flag]).map((flag) => [flag, true]));
  return {
    family: addr.family, local, ...(addr.peer ? { address: addr.peer.split('/')[0] } : {}), prefixlen: Number(length),
    ...(addr.metric === undefined ? {} : { metric: addr.metric }), ...(addr.broadcast ? { broadcast: addr.broadcast } : {}),
    scope: addr.scope, ...(flags.secondary ? { secondary: true } : {}), ...(flags.permanent ? {} : { dynamic: true }), ...on,
    ...(addr.label ? { label: addr.label } : {}),
    valid_life_time: addr.validLft === 'forever' ? 4294967295 : addr.validLft,
    preferred_life_time: addr.preferredLft === 'forever' ? 4294967295 : addr.preferredLft,
  };
}

const ofIp = (dev: string): object[] => json('ip', `address show dev ${dev}`)[0].addr_info
  .map(({ protocol: _protocol, ...rest }: { protocol?: string }) => rest);
const linkLocal = (addr: { address?: string; local?: string }): boolean => (addr.address ?? addr.local)!.startsWith('fe80');

type Shown = { readonly [life in 'valid_life_time' | 'preferred_life_time']?: unknown };

/** What is left of a life counts down while we look: what `ip` shows in between lies between two lists of ours. */
async function sameAsIp(): Promise<number> {
  const ours = async (): Promise<Shown[]> => (await nl.addr.list({ dev: 'v0' })).filter((a) => !linkLocal(a)).map(asIp);
  const before = await ours(), theirs = ofIp('v0').filter((a) => !linkLocal(a)) as Shown[], after = await ours();
  const then = (i: number, key: 'valid_life_time' | 'preferred_life_time'): unknown => {
    const [first, shown, last] = [before[i]?.[key], theirs[i]![key], after[i]?.[key]].map(Number) as [number, number, number];
    return first >= shown && shown >= last ? before[i]![key] : shown;
  };
  assert.equal(before, theirs.map((one, i) => ({ ...one, valid_life_time: then(i, 'valid_life_time'), preferred_life_time: then(i, 'preferred_life_time') })));
  return before.length;
}

test('what ip sets is what we list', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  for (const line of [
    '172.24.133.39/24 brd + dev v0', '172.24.133.40/24 dev v0 label v0:a valid_lft 1000 preferred_lft 900', '10.0.0.1 peer 10.0.0.2/32 dev v0',
    '192.0.2.1/32 dev v0 scope host metric 9', '10.9.0.1 peer 10.9.1.1/24 dev v0 noprefixroute', 'fc00::1/64 dev v0 nodad', 'fc01::1/128 dev v0 nodad home',
    'fc02::1/64 peer fc02::2/64 dev v0 nodad', 'fc03::1/64 dev v0 nodad metric 77 valid_lft 500 preferred_lft 400', 'fc04::1/64 dev v0 nodad preferred_lft 0',
  ]) sh('ip', `address add ${line}`);
  await sameAsIp();
});

test('what we set is what ip shows, for addresses made at random', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const roll = dice(42);
  await nl.batch((b) => Array.from({ length: 60 }, (_, i) => {
    const lasts = roll(2) ? { validLft: 1000 + roll(1000), preferredLft: roll(1000) } : {};
    const metric = roll(2) ? { metric: roll(0xffff) + 1 } : {};
    if (roll(2)) return b.addr.add('v0', { address: `fc${10 + i}::${i + 1}/${64 + roll(65)}`, flags: { nodad: true, ...(roll(2) ? { noprefixroute: true } : {}) }, ...lasts, ...metric });
    const length = 8 + roll(25);
    return b.addr.add('v0', {
      address: `10.${roll(256)}.${i}.1/${length}`, ...(roll(2) ? { broadcast: 'auto' } : {}), ...(roll(2) ? { label: `v0:${i}` } : {}),
      ...(roll(3) ? {} : { scope: 'link' as const }), ...lasts, ...metric,
    });
  }));
  assert.is(await sameAsIp(), 60);
});

test('what was listed can be set again', async () => {
  await nl.addr.add('v0', { address: '172.24.133.39/24', broadcast: 'auto', label: 'v0:x', metric: 5, validLft: 300, preferredLft: 200, proto: 9 });
  await nl.addr.add('v0', { address: 'fc00::1/64', peer: 'fc00::2/64', flags: { nodad: true, noprefixroute: true } });
  const before = (await nl.addr.list({ dev: 'v0' })).filter((a) => !linkLocal(a));
  await nl.addr.flush('v0');
  assert.is((await nl.addr.list({ dev: 'v0' })).length, 0);
  for (const addr of before) await nl.addr.add('v0', addr);
  const bare = ({ created, updated, validLft, preferredLft, ...rest }: Addr) => rest, after = await nl.addr.list({ dev: 'v0' });
  assert.equal(after.map(bare), before.map(bare));
  const [timed, lasting] = after; // seconds may have gone by since
  assert.ok(Number(timed!.validLft) > 200 && Number(timed!.validLft) <= 300 && Number(timed!.validLft) === Number(timed!.preferredLft) + 100, JSON.stringify(timed));
  assert.equal([lasting!.validLft, lasting!.preferredLft], ['forever', 'forever']);
});

test('listing filters by link, family, scope, label, network, flag', async () => {
  nl.sync.link.change('lo', { up: true });
  await nl.addr.add('v0', { address: '10.1.0.1/16', label: 'v0:q' });
  await nl.addr.add('v0', '10.1.0.2/16');
  await nl.addr.add('v0', '192.0.2.1');
  const found = async (filter: Parameters<typeof nl.addr.list>[0]) => (await nl.addr.list(filter)).map((a) => a.address);
  assert.equal(await found({ dev: 'v0', family: 'inet' }), ['10.1.0.1/16', '192.0.2.1/32', '10.1.0.2/16']);
  assert.equal(await found({ label: 'v0:q' }), ['10.1.0.1/16']);
  assert.equal(await found({ to: '10.0.0.0/8' }), ['10.1.0.1/16', '10.1.0.2/16']);
  assert.equal(await found({ flags: { secondary: true } }), ['10.1.0.2/16']);
  assert.equal(await found({ dev: 'v0', family: 'inet', flags: { secondary: false } }), ['10.1.0.1/16', '192.0.2.1/32']);
  assert.equal(await found({ scope: 'host' }), ['127.0.0.1/8', '::1/128']);
  assert.equal(await found({ dev: 'v1', family: 'inet' }), []);
});

test('replace sets lifetimes; the kernel ignores a new prefix length of IPv6, and ensure tells', async () => {
  await nl.addr.add('v0', { address: 'fc00::1/64', flags: { nodad: true } });
  await nl.addr.replace('v0', { address: 'fc00::1/80', validLft: 500, preferredLft: 300, flags: { nodad: true } });
  const [addr] = await nl.addr.list({ dev: 'v0', to: 'fc00::/16' });
  assert.equal([addr!.address, addr!.preferredLft], ['fc00::1/64', 300]);
  assert.is((await refusal(nl.addr.ensure('v0', { address: 'fc00::1/80', flags: { nodad: true } }))).code, 'EEXIST');
  await nl.addr.add('v0', { address: '10.0.0.1/24', label: 'v0:a' });
  const error = await refusal(nl.addr.ensure('v0', { address: '10.0.0.1/24', label: 'v0:b' }));
  assert.equal([error.code, error.field], ['EEXIST', 'label']);
  const ensured = await nl.addr.ensure('v0', { address: '10.0.0.1/24', validLft: 60 });
  assert.equal([ensured.label, ensured.validLft], ['v0:a', 60]);
  assert.is((await nl.addr.ensure('v0', '10.0.5.1/24')).address, '10.0.5.1/24');
});

test('change adds what is not there, as the kernel has it', async () => {
  await nl.addr.change('v0', 'fc00::1/64');
  await nl.addr.change('v0', '10.0.0.1/24');
  assert.equal((await nl.addr.list({ dev: 'v0' })).filter((a) => !linkLocal(a)).map((a) => a.address), ['10.0.0.1/24', 'fc00::1/64']);
});

test('delete finds the address with and without its length; secondaries go with their primary', async () => {
  for (const address of ['10.0.0.1/24', '10.0.0.2/24', '10.0.0.3/24', '10.1.0.1/16']) await nl.addr.add('v0', address);
  await nl.addr.add('v0', { address: 'fc00::1/64', peer: 'fc00::2/64' });
  await nl.addr.add('v0', { address: '10.3.0.1', peer: '10.3.0.2' });
  assert.is((await refusal(nl.addr.delete('v0', '10.0.0.2/16'))).code, 'EADDRNOTAVAIL');
  assert.is((await refusal(nl.addr.delete('v0', '10.0.0.9'))).code, 'EADDRNOTAVAIL');
  await nl.addr.delete('v0', 'fc00::1');
  await nl.addr.delete('v0', '10.1.0.1');
  await nl.addr.delete('v0', '10.3.0.1');
  await nl.addr.delete('v0', '10.0.0.1/24');
  assert.equal((await nl.addr.list({ dev: 'v0' })).filter((a) => !linkLocal(a)), []);
});

test('flush counts, tolerates what went with its primary, and keeps to its filter', async () => {
  await nl.batch((b) => Array.from({ length: 200 }, (_, i) => b.addr.add('v0', `10.0.0.${i + 1}/24`)));
  await nl.addr.add('v0', 'fc00::1/64');
  assert.is(await nl.addr.flush('v0', { family: 'inet' }), 200);
  assert.is((await nl.addr.list({ dev: 'v0', family: 'inet' })).length, 0);
  assert.is((await nl.addr.list({ dev: 'v0', to: 'fc00::/16' })).length, 1);
});

test('the kernel refuses, in its own words', async () => {
  await nl.addr.add('v0', '10.0.0.1/24');
  assert.is((await refusal(nl.addr.add('v0', '10.0.0.1/24'))).code, 'EEXIST');
  const error = await refusal(nl.addr.add('v0', 'ff02::1/64'));
  assert.match(error.message, /^addr\.add failed: E[A-Z]+, /);
});

test('bad input is refused before anything is sent', async () => {
  const sent: string[] = [];
  nl.trace = (text) => void sent.push(text);
  for (const [bad, field] of [
    ['10.0.0.1/33', 'address'], ['10.0.0.1/-1', 'address'], ['10.0.0.256/8', 'address'], ['eth0', 'address'], [undefined, 'address'], ['', 'address'],
    [{ address: '10.0.0.1/24', peer: 'fc00::1' }, 'peer'], [{ address: '10.0.0.1/24', peer: '10.0.0.2/16' }, 'peer'], [{ address: '10.0.0.1/24', broadcast: 'fc00::1' }, 'broadcast'],
    [{ address: '10.0.0.1/24', metric: -1 }, 'metric'], [{ address: '10.0.0.1/24', metric: 2 ** 32 }, 'metric'], [{ address: '10.0.0.1/24', validLft: -5 }, 'validLft'],
    [{ address: '10.0.0.1/24', validLft: 5, preferredLft: 6 }, 'preferredLft'], [{ address: '10.0.0.1/24', label: 'a-label-of-16-by' }, 'label'],
    [{ address: '10.0.0.1/24', family: 'inet6' }, 'family'], [{ address: '10.0.0.1/24', scope: 'nowhere-near' }, 'scope'],
  ] as const) {
    const error = await refusal(nl.addr.add(1, bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
  assert.equal(sent, []);
  nl.trace = false;
  const error = await refusal(nl.addr.add('nowhere', '10.0.0.1/24'));
  assert.is(error.code, 'ENODEV');
  assert.match(error.message, /There is no link named "nowhere"/);
});

test.run();
