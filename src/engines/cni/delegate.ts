import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from './config.ts';
import { CniError } from './errors.ts';
import type { CniEnvironment, CniResult, Command } from './types.ts';
import { common, type CniVersion } from './version.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a plugin is asked. */
export interface Delegation {
  readonly type: string;
  readonly config: Json;
  readonly version: CniVersion;
  readonly environment: CniEnvironment;
}

/**
 * Runs an IPAM plugin as the specification asks: the program `type` in a folder of CNI_PATH, with our variables and
 * our configuration. One that does not speak our version is asked again in the newest that both speak. Its error
 * becomes ours.
 */
export async function delegate(command: Command, { type, config, version, environment }: Delegation): Promise<CniResult> {
  if (type.includes('/')) throw new CniError('invalidConfig', `ipam.type must be the name of a program, got ${JSON.stringify(type)}`);
  const program = environment.path.map((folder) => join(folder, type)).find((path) => existsSync(path));
  if (program === undefined) throw new CniError('invalidConfig', `ipam.type is "${type}", and there is no such program in CNI_PATH`, environment.path.join(':'));
  const variables = variablesOf(environment, command);
  const first = await run(program, variables, JSON.stringify(config));
  if (first.code === 0) return answer(first.out, program);
  const error = parsed(first.out);
  if (error?.['code'] === 1) {
    const { out } = await run(program, { ...variables, CNI_COMMAND: 'VERSION' }, JSON.stringify({ cniVersion: version }));
    const theirs = common((parsed(out)?.['supportedVersions'] as string[] | undefined) ?? [], version);
    if (theirs !== undefined && theirs !== version) {
      const again = await run(program, variables, JSON.stringify({ ...config, cniVersion: theirs }));
      if (again.code === 0) return answer(again.out, program);
      throw refused(type, parsed(again.out), again.err);
    }
  }
  throw refused(type, error, first.err);
}

const variablesOf = ({ containerId, netns, ifname, path, args }: CniEnvironment, command: Command) => ({
  ...process.env, CNI_COMMAND: command, CNI_CONTAINERID: containerId, CNI_NETNS: netns, CNI_IFNAME: ifname,
  CNI_PATH: path.join(':'), CNI_ARGS: Object.entries(args).map(([key, value]) => `${key}=${value}`).join(';'),
});

function refused(type: string, error: Json | undefined, err: string): CniError {
  if (typeof error?.['code'] !== 'number') return new CniError('internal', `the IPAM plugin ${type} failed without an answer`, err.trim());
  return new CniError(error['code'], `${type}: ${String(error['msg'])}`, error['details'] as string | undefined);
}

const answer = (text: string, program: string): CniResult => {
  if (text.trim() === '') return { interfaces: [], ips: [], routes: [], dns: {} };
  const value = parsed(text);
  if (!value) throw new CniError('decode', `${program} answered no JSON`);
  return readResult(value);
};

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(program: string, env: NodeJS.ProcessEnv, input: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { env, stdio: ['pipe', 'pipe', 'pipe'] }), said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    child.on('error', (error) => reject(new CniError('io', `${program} cannot be run: ${error.message}`)));
    child.on('close', (code) => resolve({ code, ...said }));
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(input);
  });
}
