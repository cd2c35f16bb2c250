import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { EngineError } from './errors.ts';
import { ask, type EngineOptions } from './http.ts';
import { findSocket } from './socket.ts';

/** What an engine says of a container, as far as its network goes. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  /** Of the process it runs, as the engine counts; 0 where it does not run. */
  readonly pid: number;
  /** `bridge`, `host`, `none`, `container:ID`, or the name of a network. */
  readonly networkMode: string;
  /** The socket that was asked. */
  readonly socket: string;
}

/**
 * Asks docker, or podman by the API that it has in common with docker, about a container.
 *
 * Equivalent to `docker inspect NAME`. Fails with ERR_NO_CONTAINER where the engine knows none of that name or id.
 */
export async function engineContainer(nameOrId: string, options: EngineOptions = {}): Promise<EngineContainer> {
  if (typeof nameOrId !== 'string' || nameOrId === '' || /[/?#\0]/.test(nameOrId))
    throw new EncodeError(`must be the name or id of a container, got ${show(nameOrId)}`, 'docker');
  const socket = options.socket ?? findSocket();
  const said = await ask(socket, `/containers/${encodeURIComponent(nameOrId)}/json`, options);
  return read(said as Inspected, socket);
}

/** The same of one that runs. Fails with ERR_NOT_RUNNING where it does not. */
export async function runningContainer(nameOrId: string, options: EngineOptions = {}): Promise<EngineContainer> {
  const container = await engineContainer(nameOrId, options);
  if (container.pid > 0) return container;
  throw new EngineError('ERR_NOT_RUNNING', `the container ${nameOrId} does not run: it has no network`);
}

/** The parts of the answer that are read; an engine may leave out any of them. */
interface Inspected {
  readonly Id?: unknown;
  readonly Name?: unknown;
  readonly State?: { readonly Pid?: unknown; readonly Running?: unknown };
  readonly HostConfig?: { readonly NetworkMode?: unknown };
}

function read(said: Inspected, socket: string): EngineContainer {
  const id = said.Id, pid = said.State?.Pid;
  if (typeof id !== 'string' || typeof pid !== 'number')
    throw new EngineError('ERR_ENGINE', `the engine at ${socket} told neither id nor process of the container`);
  const name = typeof said.Name === 'string' ? said.Name.replace(/^\//, '') : id.slice(0, 12);
  const mode = said.HostConfig?.NetworkMode;
  return { id, name, pid: said.State?.Running === false ? 0 : pid, networkMode: typeof mode === 'string' ? normal(mode) : 'bridge', socket };
}

/** Docker calls its first bridge `default` where nothing was said when the container was made. */
const normal = (mode: string): string => (mode === '' || mode === 'default' ? 'bridge' : mode);
