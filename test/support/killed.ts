import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../src/index.ts';
import { bundle } from './build.ts';
import { as, conf, lacksNat, left, linksOf, start, state, well } from './cni.ts';
import { makeUplink } from './lan.ts';
import { skip } from './skip.ts';

/** The program is killed before each of its system calls of a kind; c1 and c2 are containers, em1 is an uplink with a default route. */
export const nl = openRoute();
let words: readonly string[], lan: netns.Namespace;

/** Our program, and the Node that runs it. */
export const program = (): readonly string[] => words;

/** To be called before the tests of a file are. */
export function beforeKilling(): void {
  const names = ['c1', 'c2'];
  test.before(async () => {
    names.forEach((name) => netns.create(name));
    words = [process.execPath, join(bundle(), 'engines/bin.cjs')];
    lan = await makeUplink();
    await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
  });
  test.after(() => {
    names.forEach((name) => netns.delete(name));
    lan.close();
    nl.close();
  });
}

/** The program, killed before it makes a system call for the nth time. What the kernel is told goes by `sendto`, what is written down by `rename`, what is given back by `unlink`. */
export function dying(syscall: string, n: number, ...more: readonly string[]): string[] {
  const calls = `/^${syscall}`; // renameat and unlinkat, where there are no others
  return ['strace', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:signal=SIGKILL:when=${n}`, ...words, ...more];
}

/** A call of a runtime's that is killed; false where it does not make the system call that often. */
export async function killed(syscall: string, n: number, command: string, config: object, more: object = {}): Promise<boolean> {
  const { signal, code, value } = await start(dying(syscall, n), command, config, more).ended;
  if (signal === 'SIGKILL') return true;
  assert.is(code, 0, JSON.stringify(value));
  return false;
}

/** The same of what is asked by words and on standard input. */
export async function killedWith(syscall: string, n: number, words: readonly string[], input: object): Promise<boolean> {
  const [first, ...rest] = dying(syscall, n, ...words);
  const child = spawn(first!, rest, { stdio: ['pipe', 'ignore', 'inherit'], env: { PATH: process.env.PATH, NETLINK_TS_STATE: state } });
  child.stdin!.on('error', () => {}); // it was killed before it read
  child.stdin!.end(JSON.stringify(input));
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') assert.is(code, 0);
  return signal === 'SIGKILL';
}

/** Addresses of the LAN. */
export const ofLan = { parent: 'em1', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.101', gateway: '172.24.133.254' } };

export const bridges = (): string[] => nl.sync.link.list({ kind: 'bridge', stats: false }).map(({ name }) => name);

/** Why this kernel cannot connect a container so. */
async function lacking(mode: string): Promise<string | undefined> {
  if (mode === 'host-device') return undefined;
  if (!mode.endsWith('vlan')) return lacksNat();
  return nl.link.add({ name: 'try', kind: mode, link: 'em1' } as never).then(() => nl.link.delete('try').then(() => undefined), ({ message }) => `the kernel has no ${mode}: ${message}`);
}

/** Two containers of a network, each with what comes to its own configuration; `stays` is what is there besides, before and after, and the kernel is asked `least` times at least. */
export function killEach(mode: string, first: object, second: object, { stays = () => [], least = 8 }: { stays?: () => string[]; least?: number } = {}): void {
  const config = conf({ name: mode, mode, ...first }), other = conf({ name: mode, mode, ...second });
  const each = (name: string, work: (nothing: (what: string) => void) => Promise<void>) => test(name, async () => {
    const lacks = await lacking(mode), before = stays();
    return lacks ? skip(lacks) : work((what) => assert.equal([...left(), ...linksOf('c1'), ...linksOf('c2'), ...bridges(), ...stays()], before, what));
  });

  for (const syscall of ['sendto', 'rename'])
    each(`ADD killed before each ${syscall}: DEL leaves nothing, another ADD succeeds and leaves nothing half made`, async (nothing) => {
      let n = 1;
      for (; ; n++) {
        const [one, two] = await Promise.all([killed(syscall, n, 'ADD', config), killed(syscall, n, 'ADD', other, as('c2'))]);
        if (one) await well('DEL', config);
        assert.equal(one ? linksOf('c1') : [], []);
        if (two) await well('CHECK', { ...other, prevResult: await well('ADD', other, as('c2')) }, as('c2'));
        if (!one) await well('DEL', config);
        await well('DEL', other, as('c2'));
        nothing(`${syscall} ${n}`);
        if (!one && !two) break;
      }
      assert.ok(n > (syscall === 'sendto' ? least : 3), `killed ${n - 1} times`);
    });

  for (const syscall of ['sendto', 'unlink'])
    each(`DEL killed before each ${syscall}: another takes the rest`, async (nothing) => {
      let n = 1;
      for (let more = true; more; n++) {
        await well('ADD', config);
        more = await killed(syscall, n, 'DEL', config);
        await well('DEL', config);
        nothing(`${syscall} ${n}`);
      }
      assert.ok(n > 3, `killed ${n - 2} times`);
    });

  for (const syscall of ['sendto', 'unlink'])
    each(`GC killed before each ${syscall}: another takes the rest, and who is valid has all he had`, async (nothing) => {
      let n = 1;
      for (let more = true; more; n++) {
        await well('ADD', config);
        const prevResult = await well('ADD', other, as('c2')), valid = { ...config, 'cni.dev/valid-attachments': [{ containerID: 'c2', ifname: 'eth0' }] };
        more = await killed(syscall, n, 'GC', valid);
        await well('GC', valid);
        assert.equal(linksOf('c1'), []);
        await well('CHECK', { ...other, prevResult }, as('c2'));
        await well('DEL', other, as('c2'));
        nothing(`${syscall} ${n}`);
      }
      assert.ok(n > 3, `killed ${n - 2} times`);
    });
}

/** What an engine of other words asks when a container comes and when it goes. */
export function killBoth(coming: readonly string[], going: readonly string[], input: () => object): void {
  const nothing = (what: string): void => assert.equal([...left(), ...linksOf('c1'), ...bridges()], [], what);
  const each = (name: string, work: () => Promise<void>) => test(name, async () => {
    const lacks = await lacksNat();
    return lacks ? skip(lacks) : work();
  });
  const whole = async (words: readonly string[]): Promise<void> => assert.not.ok(await killedWith('sendto', 1000, words, input()));

  for (const syscall of ['sendto', 'rename'])
    each(`${coming.join(' ')} killed before each ${syscall}: ${going.join(' ')} leaves nothing`, async () => {
      let n = 1;
      for (let more = true; more; n++) {
        more = await killedWith(syscall, n, coming, input());
        await whole(going);
        nothing(`${syscall} ${n}`);
      }
      assert.ok(n > 4, `killed ${n - 2} times`);
    });

  for (const syscall of ['sendto', 'unlink'])
    each(`${going.join(' ')} killed before each ${syscall}: another takes the rest`, async () => {
      let n = 1;
      for (let more = true; more; n++) {
        await whole(coming);
        more = await killedWith(syscall, n, going, input());
        await whole(going);
        nothing(`${syscall} ${n}`);
      }
      assert.ok(n > 4, `killed ${n - 2} times`);
    });
}
