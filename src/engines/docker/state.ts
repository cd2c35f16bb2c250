import { NetlinkError } from '../../errors.ts';
import { readText, writeText } from '../files.ts';
import type { Port } from '../network/request.ts';
import type { Settings } from '../network/settings.ts';

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly mac: string | undefined;
  readonly ports: readonly Port[];
  /** The path of the container's namespace, once it has joined. */
  readonly sandbox?: string | undefined;
}

export interface Network {
  readonly settings: Settings;
  /** With prefix lengths. */
  readonly gateways: readonly string[];
  readonly endpoints: { [id: string]: Endpoint };
  /** It is being made: docker has no answer yet. */
  readonly begun?: boolean | undefined;
}

export interface Remembered {
  networks: { [id: string]: Network };
  /** Subnets that docker has from us, by the id we gave them. */
  pools: { [id: string]: { readonly subnet: string } };
}

/** What the driver must know again after a restart of itself, of docker and of the machine. */
export interface State {
  all(): Remembered;
  network(id: string): Network;
  /** Makes a change and writes it down, before the answer that tells docker of it. */
  change(make: (all: Remembered) => void): void;
}

/** The state in a file, which is whole at each moment. */
export function openState(path: string): State {
  const text = readText(path);
  let all: Remembered = text === undefined ? { networks: {}, pools: {} } : JSON.parse(text);
  return {
    all: () => all,
    network(id) {
      const found = all.networks[id];
      if (!found) throw new NetlinkError('ENOENT', `there is no network ${id}`);
      return found;
    },
    change(make) {
      const next = structuredClone(all);
      make(next);
      writeText(path, JSON.stringify(next), 0o600);
      all = next;
    },
  };
}
