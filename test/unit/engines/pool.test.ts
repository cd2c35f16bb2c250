import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { namesIn, readText, removeText } from '../../../src/engines/files.ts';
import { alone, locked, sweep, sweepAll } from '../../../src/engines/pool/lock.ts';
import { openPool } from '../../../src/engines/pool/pool.ts';
import { canonical, contains, inSubnet, readRange } from '../../../src/engines/pool/range.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { refusal } from '../../support/witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'pool-'));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const code = (wanted: string) => (error: Error): boolean => (error as { code?: string }).code === wanted;

test('a range has the addresses of its subnet but for the network\'s own, the broadcast one and the gateway', () => {
  const { first, last, gateway, subnet } = readRange({ subnet: '10.0.0.7/29' });
  assert.equal([first, last, gateway, subnet], [0x0a000001n, 0x0a000006n, '10.0.0.1', '10.0.0.0/29']);
  const two = readRange({ subnet: '10.0.0.0/31' });
  assert.equal([two.first, two.last, two.gateway], [0x0a000000n, 0x0a000001n, undefined]);
  const six = readRange({ subnet: 'fd00::/126', rangeStart: 'fd00::', rangeEnd: 'fd00::3', gateway: '' });
  assert.equal([six.last - six.first, six.gateway], [2n, undefined]);
  assert.equal([contains(six, 'fd00::1'), contains(six, 'fd00::'), contains(six, '10.0.0.1'), contains(six, 'x')], [true, false, false, false]);
  assert.equal([inSubnet(six, 'fd00::'), inSubnet(six, 'fd00::4'), inSubnet(six, '10.0.0.1'), inSubnet(six, 'x')], [true, false, false, false]);
});

test('a range that cannot be is told by its key', () => {
  for (const [given, word] of [
    [{ subnet: 7 }, 'subnet'], [{ subnet: '10.0.0.0' }, 'subnet'], [{ subnet: '10.0.0.0/33' }, 'subnet'], [{ subnet: '10.0.0.0/24', rangeStart: '10.0.1.0' }, 'rangeStart'],
    [{ subnet: '10.0.0.0/24', rangeEnd: 'fd00::1' }, 'rangeEnd'], [{ subnet: '10.0.0.0/24', rangeEnd: 7 }, 'rangeEnd'], [{ subnet: '10.0.0.0/24', gateway: 'x' }, 'gateway'],
    [{ subnet: '10.0.0.0/24', rangeStart: '10.0.0.9', rangeEnd: '10.0.0.8' }, 'behind rangeEnd 10.0.0.8'], [{ subnet: '10.0.0.0/24', rangeStart: '10.0.0.255' }, 'behind rangeEnd 10.0.0.254'],
  ] as const) assert.throws(() => readRange(given as never), new RegExp(word));
  assert.is(canonical('FD00:0::1'), 'fd00::1');
  assert.throws(() => canonical('x'), /no IP address/);
});

test('addresses go round, are given once, and back one by one or all', () => {
  const pool = openPool(at('round')), set = [readRange({ subnet: '10.0.0.0/29' })], of = (container: string) => ({ container, ifname: 'eth0' });
  const reserve = (container: string, wanted?: string): string => pool.reserve(of(container), set, wanted).address;
  assert.equal(['a', 'b', 'a', 'c'].map((name) => reserve(name)), ['10.0.0.2', '10.0.0.3', '10.0.0.2', '10.0.0.4']);
  assert.equal(pool.release(of('b')), ['10.0.0.3']);
  assert.equal(['d', 'e', 'f'].map((name) => reserve(name)), ['10.0.0.5', '10.0.0.6', '10.0.0.3']);
  assert.throws(() => reserve('g'), code('ERR_POOL_FULL'));
  assert.throws(() => reserve('g', '10.0.0.2'), code('ERR_ADDRESS_IN_USE'));
  assert.throws(() => reserve('g', '10.0.0.1'), code('ERR_ADDRESS_IN_USE'));
  assert.throws(() => reserve('g', '10.0.1.1'), code('ERR_NOT_IN_POOL'));
  assert.is(reserve('a', '10.0.0.2'), '10.0.0.2');
  assert.equal(pool.release(of('a'), '10.0.0.9'), []);
  assert.equal(pool.release({ container: 'a', ifname: 'eth1' }), []);
  assert.equal(pool.keep(({ container }) => container === 'a').map(({ container }) => container).sort(), ['c', 'd', 'e', 'f']);
  assert.equal(pool.list(), [{ address: '10.0.0.2', container: 'a', ifname: 'eth0' }]);
});

test('ranges of a set stand in for one another, and IPv6 has files, too', () => {
  const pool = openPool(at('six')), set = [readRange({ subnet: 'fd00::/127' }), readRange({ subnet: 'fd01::/64', rangeStart: 'fd01::a' })];
  const given = ['a', 'b', 'c'].map((container) => pool.reserve({ container, ifname: 'eth0' }, set).address);
  assert.equal(given, ['fd00::', 'fd00::1', 'fd01::a']);
  assert.is(pool.reserve({ container: 'c', ifname: 'eth0' }, set).address, 'fd01::a');
  writeFileSync(join(at('six'), 'fd01__b'), ''); // written by somebody who had no more to say
  assert.equal(pool.list().at(-1), { address: 'fd01::b', container: '', ifname: '' });
});

test('a lock: one after the other, whatever fails; its file goes with it', async () => {
  const path = at('deep/lock'), seen: string[] = [];
  const work = (name: string) => alone(path, async () => {
    seen.push(`${name} begins`);
    await new Promise((done) => setTimeout(done, 20));
    seen.push(`${name} ends`);
    if (name === 'b') throw new Error('b fails');
  });
  const ended = await Promise.allSettled(['a', 'b', 'c'].map(work));
  assert.equal(ended.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
  for (let i = 0; i < 6; i += 2) assert.is(seen[i]!.replace('begins', 'ends'), seen[i + 1]);
  assert.not.ok(existsSync(path));
  writeFileSync(path, '');
  await sweep(path);
  await sweep(path);
  assert.not.ok(existsSync(path));
  assert.is(locked(path, () => 7), 7);
  assert.throws(() => locked(path, () => { throw new Error('within'); }), /within/);
  assert.is(locked(path, () => 8), 8);
});

test('a lock that is removed while one waits for it is taken anew', async () => {
  const path = at('waited/lock');
  let end = (): void => {};
  const first = alone(path, () => new Promise<void>((done) => (end = done)));
  await new Promise((done) => setTimeout(done, 5));
  const second = alone(path, async () => readdirSync(at('waited')));
  end();
  await first;
  assert.equal(await second, ['lock']);
});

test('locks that nobody holds are swept, one that is held stays, and so do other files', async () => {
  await alone(at('swept/held.lock'), async () => {
    for (const name of ['left.lock', 'lock', 'c.json']) writeFileSync(at(`swept/${name}`), '');
    sweepAll(at('swept'));
    assert.equal(readdirSync(at('swept')).sort(), ['c.json', 'held.lock', 'lock']);
  });
  sweepAll(at('none'));
});

test('a file that a killed process had begun to write goes with the file, or with the next that is given back', () => {
  for (const name of ['f', 'f.new']) writeFileSync(at(name), '');
  for (let again = 0; again < 2; again++) removeText(at('f'));
  assert.equal([existsSync(at('f')), existsSync(at('f.new'))], [false, false]);
  const pool = openPool(at('begun')), holder = { container: 'c', ifname: 'eth0' };
  pool.reserve(holder, [readRange({ subnet: '10.7.0.0/24' })]);
  writeFileSync(at('begun/10.7.0.3.new'), '');
  assert.equal(pool.release(holder), ['10.7.0.2']);
  assert.equal(readdirSync(at('begun')).filter((name) => name.startsWith('10.')), []);
});

test('a file system without locks is told, and nothing is done', async () => {
  const libc = openLibc() as { flock: (fd: number, operation: number) => number }, { flock } = libc;
  libc.flock = () => -errno.ENOLCK;
  try {
    const none = (): void => assert.unreachable('it is not locked');
    for (const call of [() => locked(at('lock'), none), () => alone(at('lock'), async () => none())]) {
      const error = await refusal(Promise.resolve().then<unknown>(call));
      assert.equal([error.code, error.message.includes('flock'), error.message.includes(at('lock'))], ['ENOLCK', true, true]);
    }
  } finally {
    libc.flock = flock;
  }
  assert.is(locked(at('lock'), () => 7), 7);
});

test('files that are not there are none, what cannot be read is told', () => {
  assert.is(readText(at('none')), undefined);
  assert.equal(namesIn(at('none')), []);
  assert.throws(() => readText(folder), code('EISDIR'));
});

test.run();
