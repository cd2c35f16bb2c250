import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ArgumentError } from '../../errors.ts';
import { ask, type Asking } from '../cni/ask.ts';
import { readJson } from '../json.ts';
import { defaultState } from '../network/record.ts';
import { readAnnotations } from './annotations.ts';
import { forget, recall, remember } from './memory.ts';

/** The hooks in which there is something to do; `prestart` is the old name of `createRuntime`. */
const hooks = ['createRuntime', 'prestart', 'poststop'];

export interface HookCall {
  /** The hook's name: `createRuntime` connects, `poststop` disconnects. */
  readonly hook: string;
  /** A file with the network's configuration, for containers whose annotations name none. */
  readonly file?: string | undefined;
  /** The container's state, from standard input. */
  readonly input: string;
  /** Where attachments and pools are kept; /run/netlink-ts unless given. */
  readonly state?: string | undefined;
}

/**
 * Answers a runtime's hook: a network for a container of runc, crun and whatever else keeps to the OCI specification.
 * A configuration is one of CNI; its path may be relative to the bundle. What a container was connected by is
 * remembered until `poststop`, which asks no file and no annotation: both may have changed, or be gone.
 */
export async function hook({ hook: name, file, input, state = defaultState }: HookCall): Promise<void> {
  if (!hooks.includes(name)) throw new ArgumentError(`there is nothing to do in the hook ${JSON.stringify(name)}: ${hooks.join(', ')}`);
  const container = readJson(input, 'the state'), id = container['id'];
  if (typeof id !== 'string' || id === '') throw new ArgumentError('the state has no id');
  if (name === 'poststop') return disconnect(id, state);
  const asking = askingOf(id, container, file);
  remember(state, asking);
  try {
    await ask('ADD', asking, state);
  } catch (error) {
    forget(state, id);
    throw error;
  }
}

async function disconnect(id: string, state: string): Promise<void> {
  const asking = recall(state, id);
  if (asking !== undefined) await ask('DEL', { ...asking, netns: '' }, state); // the process is gone, and its number may be another's
  forget(state, id);
}

function askingOf(id: string, { pid, bundle, annotations }: Readonly<Record<string, unknown>>, file: string | undefined): Asking {
  const { network = file, ifname = 'eth0', runtimeConfig } = readAnnotations(annotations ?? {});
  if (network === undefined) throw new ArgumentError('no network is named, neither by a file nor by the annotation netlink-ts.network');
  if (!pid) throw new ArgumentError(`the state of ${id} has no pid`);
  const config = network.trimStart().startsWith('{') ? readJson(network, 'netlink-ts.network')
    : readJson(readFileSync(resolve(String(bundle), network), 'utf8'), network);
  return {
    container: id, netns: `/proc/${pid}/ns/net`, ifname,
    config: { ...config, runtimeConfig: { ...config['runtimeConfig'] as object | undefined, ...runtimeConfig } },
  };
}
