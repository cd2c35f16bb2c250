import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeText, encodeText } from '../../../src/bytes/text.ts';
import { KernelError } from '../../../src/errors.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { checkInterfaceName } from '../../../src/schema/leaves.ts';
import * as tuntap from '../../../src/tuntap/index.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { refusal } from '../../support/witness.ts';

const nl = openRoute();
test.after(() => nl.close());
/** All that a test makes is in a group: the kernel lets go of them together. */
const group = 77;
test.before.each(() => nl.link.delete({ group }).catch((error: KernelError) => assert.is(error.code, 'ENODEV')));

const IFLA_IFNAME = 3;
/** What a terminal obeys or hides. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** The names that the kernel itself shows, as bytes. */
/** Bonds have a file beside the links. */
const shown = (): string[] => readdirSync('/sys/class/net', { encoding: 'buffer', withFileTypes: true })
  .filter((entry) => entry.isSymbolicLink()).map(({ name }) => name.toString('hex')).sort();
const inSys = (name: string): boolean => shown().includes(Buffer.from(encodeText(name)).toString('hex'));

/** Names of bytes that are no UTF-8, of controls, of what shells and terminals obey, of what people read from right to left. */
const odd = [
  '\udcff\udc80\udcfe', 'a\udcc3', '\udced\udcad\udc80', '\x01\x02\x1b[2J', 'a\x7fb', '\u009b31m', '\u202eevil', '\u2066x', '\u2028', '\u200bx', '\ufeff',
  '$(id)', '`id`', `a'b"c\\`, ';id', '&', '-x', '*?[a]', '~', '#', '|cat>x', '日本', '💀', 'ä'.repeat(7), '\u2003', '..a', '{}',
];

test('the kernel refuses just the names that we refuse', async () => {
  const bytes = Array.from({ length: 255 }, (_, i) => i + 1).filter((byte) => byte !== 0x25); // % numbers: see below
  const names = [...bytes.map((byte) => Buffer.of(0x78, byte, 0x79)), Buffer.from('.'), Buffer.from('..'), Buffer.from('...')];
  const results = await nl.batch((b) => names.map((name) =>
    b.link.add({ kind: 'ifb', group, unknown: [{ type: IFLA_IFNAME, data: Buffer.concat([name, Buffer.of(0)]) }] }))).then(() => [], (error) => error.failures as { index: number; error: KernelError }[]);
  const refused = new Map(results.map(({ index, error }) => [index, error.code]));
  assert.ok(refused.size > 0 && refused.size < 20, `${refused.size} refusals`);
  for (const [index, name] of names.entries()) {
    const text = decodeText(name);
    let ours: unknown;
    try {
      checkInterfaceName(text);
    } catch (error) {
      ours = error;
    }
    assert.is(refused.has(index), ours !== undefined, `${name.toString('hex')}: ${refused.get(index)} and ${ours}`);
    if (!refused.has(index)) assert.ok(inSys(text), name.toString('hex'));
  }
});

test('odd names survive: made, found, listed, renamed, told, deleted', async () => {
  for (const name of odd) {
    await nl.link.add({ name, kind: 'ifb', alias: name, group });
    const { index } = await nl.link.get(name);
    assert.ok(inSys(name), JSON.stringify(name));
    const listed = (await nl.link.list()).find((link) => link.index === index)!;
    assert.equal([listed.name, listed.alias], [name, name]);
  }
  assert.is(shown().length, 1 + odd.length);
  using events = nl.events(['link']);
  for (const [i, name] of odd.slice(0, 12).entries()) {
    const { index } = await nl.link.get(name), next = `${i}\udcfe\x1b`;
    await nl.link.rename(name, next);
    assert.ok(inSys(next) && !inSys(name), JSON.stringify(next));
    for await (const event of events) if (event.type === 'link' && event.link.index === index && event.link.name === next) break;
  }
});

test('altnames, address labels and rules have them too', async () => {
  for (const [i, name] of odd.entries()) {
    await nl.link.add({ name: `n${i}`, kind: 'ifb', altnames: [name], group });
    assert.is((await nl.link.get(name)).name, `n${i}`);
    assert.ok((await nl.link.get(`n${i}`)).altnames!.includes(name));
    await nl.link.rename(`n${i}`, name.length > 3 ? name.slice(0, -1) : `${name}!`);
  }
  const strange = 'my bridge: à/b'; // altnames may have even more
  await nl.link.add({ name: 'n-last', kind: 'ifb', altnames: [strange, 'a b'], group });
  for (const ref of [strange, 'a b']) assert.is((await nl.link.get(ref)).name, 'n-last');
  const name = odd[0]!;
  await nl.link.up(name);
  const link = await nl.link.get(name);
  await nl.addr.add(link, { address: '192.0.2.1/24', label: link.name });
  assert.is((await nl.addr.list({ dev: link, family: 'inet' }))[0]!.label, link.name);
  await nl.rule.add({ iif: link.name, table: 77, priority: 77 });
  assert.is((await nl.rule.list({ priority: 77 }))[0]!.iif, link.name);
  await nl.rule.delete({ iif: link.name, table: 77, priority: 77 });
});

test('settings below /proc/sys are found by them', async () => {
  for (const name of ['\udcff\udc80', 'a\x1bb', '日本', 'e.1']) {
    await nl.link.add({ name, kind: 'ifb', group });
    const setting = `net/ipv4/conf/${name}/forwarding`, here = '/proc/self/ns/net';
    netns.sysctl.set(here, setting, '1');
    assert.is(netns.sysctl.get(here, setting), '1');
    assert.is((await nl.link.get(name)).afSpec?.inet?.conf?.forwarding, 1, JSON.stringify(name));
  }
});

test('tun devices have them', async () => {
  if (process.env['NETLINK_SANDBOX'] === 'user') return skip('a plain user may not use /dev/net/tun');
  if (!existsSync('/dev/net/tun')) return skip('there is no /dev/net/tun');
  const name = 't\udcff\x1b';
  assert.is(tuntap.add({ name, mode: 'tun' }), name);
  assert.ok(inSys(name));
  tuntap.delete(name, 'tun');
  assert.not.ok(inSys(name));
});

test('nothing that a terminal obeys is printed, in errors, hints, traces and commands', async () => {
  const texts: string[] = [];
  nl.trace = (text) => void texts.push(text);
  for (const name of odd) {
    await nl.link.add({ name, kind: 'ifb', up: true, group });
    for (const call of [
      () => nl.link.add({ name, kind: 'ifb' }), () => nl.link.ensure({ name, kind: 'bridge' }), () => nl.link.peerOf(name), () => nl.addr.add(`${name.slice(0, 1)}?`, '192.0.2.1'),
      () => nl.link.rename(name, 'lo'), () => nl.link.addAltname(name, name), () => nl.addr.delete(name, '192.0.2.9'), () => nl.qdisc.get(name, { handle: '9:' }), () => nl.link.change(name, { kind: 'vlan', options: { id: 1 } }),
    ]) {
      const error = await refusal(call());
      texts.push(error.message, error.stack.split('\n    at ')[0], error.hint ?? '');
    }
  }
  nl.trace = false;
  for (const text of texts) for (const line of text.split('\n')) assert.not.match(line, hidden);
});

test('a printed command, pasted, does to that link what ours did', async () => {
  if (!installed('bash')) return skip('bash is not installed');
  const commands: string[] = [];
  nl.trace = (text) => void (text.includes('   # ') && commands.push(/ {3}# (.*)/.exec(text)![1]!));
  const some = odd.filter((name, i) => i % 2 === 0 && name !== '-x'); // ip takes -x for an option
  for (const name of some) {
    await nl.link.add({ name, kind: 'ifb' });
    await nl.link.change(name, { mtu: 1400 });
    await nl.link.delete(name);
  }
  nl.trace = false;
  const bash = (command: string) => execFileSync('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });
  const made = commands.filter((command) => command.startsWith('ip link add')), changed = commands.filter((command) => /^ip link set/.test(command)), deleted = commands.filter((command) => /^ip link delete/.test(command));
  assert.equal([made.length, changed.length, deleted.length], [some.length, some.length, some.length]);
  for (const [i, name] of some.entries()) {
    bash(made[i]!);
    assert.ok(inSys(name), made[i]);
    bash(changed[i]!);
    assert.is((await nl.link.get(name)).mtu, 1400);
    bash(deleted[i]!);
    assert.not.ok(inSys(name), deleted[i]);
  }
});

test.run();
