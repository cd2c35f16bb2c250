import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { openRoute } from '../../src/index.ts';
import { cni } from '../../src/engines/index.ts';
import { openNetfilter } from '../../src/netfilter/index.ts';

/** Where attachments and pools of this test are kept. */
export const state = mkdtempSync(join(tmpdir(), 'engines-'));

/** Where Debian has the reference plugins. */
export const reference = '/usr/lib/cni';

/** A server that answers with who asked, and a client: see there. */
export const echo = fileURLToPath(new URL('../live/netfilter/echo.ts', import.meta.url));

export const pool = { type: 'netlink-ts', subnet: '10.88.0.0/24' };
export const conf = (more: object = {}) => ({ cniVersion: '1.1.0', name: 'web', type: 'netlink-ts-net', bridge: 'nt0', ipam: pool, ...more });

/** The variables of a call for a container whose namespace has its name. */
export const as = (name: string) => ({ CNI_CONTAINERID: name, CNI_NETNS: `/run/netns/${name}` });
export const variables = (command: string, more: object = {}) =>
  ({ CNI_COMMAND: command, CNI_IFNAME: 'eth0', CNI_PATH: reference, ...as('c1'), ...more });

interface Answer { code: number; value: any }

/** Asks as a runtime does, but in this process. */
export async function ask(command: string, config: unknown, more: object = {}): Promise<Answer> {
  const input = typeof config === 'string' ? config : JSON.stringify(config);
  const { exitCode, output } = await cni({ state, input, variables: variables(command, more) });
  return { code: exitCode, value: output === '' ? undefined : JSON.parse(output) };
}

/** What a call that must succeed results in. */
export async function well(command: string, config: unknown, more: object = {}): Promise<any> {
  const { code, value } = await ask(command, config, more);
  assert.is(code, 0, JSON.stringify(value));
  return value;
}

/** The message of a call that must fail with a code. */
export async function badly(code: number, command: string, config: unknown, more: object = {}): Promise<string> {
  const answer = await ask(command, config, more);
  assert.is(answer.code, 1, `${command} should fail`);
  assert.is(answer.value.code, code, JSON.stringify(answer.value));
  return answer.value.msg as string;
}

export interface Started {
  readonly child: ChildProcess;
  /** How it ended, and what it said. */
  readonly ended: Promise<Answer & { signal: string | null }>;
}

/** Starts a program that is asked as a runtime does. */
export function start(words: readonly string[], command: string, config: object, more: object = {}): Started {
  const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH, NETLINK_TS_STATE: state, ...variables(command, more) } });
  child.stdin!.on('error', () => {}); // it was killed before it read
  child.stdin!.end(JSON.stringify(config));
  const said: Buffer[] = [];
  child.stdout!.on('data', (bytes: Buffer) => said.push(bytes));
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => {
    const text = Buffer.concat(said).toString();
    resolve({ code: code ?? -1, signal, value: text === '' ? undefined : JSON.parse(text) });
  })) };
}

/** Why this kernel puts no container behind NAT; undefined where it does. */
export async function lacksNat(): Promise<string | undefined> {
  using nft = openNetfilter();
  const table = { family: 'inet', name: 'try' } as const;
  try {
    await nft.table.add(table);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EOPNOTSUPP') return 'the kernel has no tables for IPv4 and IPv6 together';
    throw error;
  }
  await nft.table.delete(table);
  return undefined;
}

/** Links, rules, reservations and records: all that ADD may leave on the host. */
export function left(): string[] {
  using nl = openRoute();
  using nft = openNetfilter();
  const files = existsSync(state) ? readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(state, join(parentPath, name))) : [];
  return [
    ...nl.sync.link.list().map(({ name }) => name).filter((name) => /^nt[0-9a-f]{12}p?$/.test(name)),
    ...nft.sync.rule.list().filter((rule) => rule.table === 'netlink-ts-engines').map(() => 'rule'),
    ...files.filter((name) => /^(attachments|bridges|hooks|pools)\//.test(name) && !/^bridges\/.*\.json$|^pools\/.*\/(lock|last\.[^/]*)$/.test(name)),
  ];
}

/** The links that a container has besides its loopback. */
export function linksOf(name: string): string[] {
  using inside = openRoute({ netns: name });
  return inside.sync.link.list().map((link) => link.name).filter((link) => link !== 'lo');
}
