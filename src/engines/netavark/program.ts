import { ArgumentError } from '../../errors.ts';
import type { CniAnswer } from '../cni/program.ts';
import { readJson } from '../json.ts';
import { defaultState } from '../network/record.ts';
import { setup, teardown } from './commands.ts';
import { create } from './network.ts';
import type { NetavarkContainer, NetavarkNetwork } from './types.ts';

/** The words that podman and netavark call a plugin by. */
export const netavarkWords = ['create', 'setup', 'teardown', 'info'] as const;

/** What a netavark plugin is called with: its arguments, and what stands on its standard input. */
export interface NetavarkCall {
  readonly words: readonly string[];
  readonly input: string;
  /** Where attachments and pools are kept; /run/netlink-ts unless given. */
  readonly state?: string | undefined;
  /** Ours, for `info`. */
  readonly version: string;
}

/** Answers one call of podman or netavark, as the program does. Never throws. */
export async function netavark(called: NetavarkCall): Promise<CniAnswer> {
  try {
    const value = await answer(called);
    return { exitCode: 0, output: value === undefined ? '' : JSON.stringify(value) };
  } catch (error) {
    return { exitCode: 1, output: JSON.stringify({ error: (error as Error).message }) };
  }
}

async function answer({ words: [word, netns], input, state = defaultState, version }: NetavarkCall): Promise<object | undefined> {
  switch (word) {
    case 'info': return { version, api_version: '1.0.0' };
    case 'create': return create(read<NetavarkNetwork>(input, ['name', 'driver']));
  }
  if (word !== 'setup' && word !== 'teardown') throw new ArgumentError(`there is no command ${JSON.stringify(word)}: ${netavarkWords.join(', ')}`);
  if (!netns) throw new ArgumentError(`${word} needs the path of the container's network namespace`);
  const call = read<NetavarkContainer>(input, ['container_id', 'network', 'network_options']);
  return word === 'setup' ? setup(netns, call, state) : teardown(netns, call, state) as Promise<undefined>;
}

/** Reads standard input, and sees to it that the least we need is there. */
function read<T>(text: string, keys: readonly (keyof T & string)[]): T {
  const value = readJson(text, 'standard input'), missing = keys.filter((key) => !value[key]);
  if (missing.length > 0) throw new ArgumentError(`standard input lacks ${missing.join(', ')}`);
  return value as T;
}
