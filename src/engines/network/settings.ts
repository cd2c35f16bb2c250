import { ArgumentError } from '../../errors.ts';
import { digest } from './digest.ts';

/** How containers are connected. */
export const modes = ['bridge', 'lan', 'macvlan', 'ipvlan', 'ptp', 'host-device', 'ports'] as const;

/**
 * - `bridge`: a bridge of the host's with the gateway's address, behind NAT;
 * - `lan`: a bridge upon an uplink, an address of the LAN's own;
 * - `macvlan`, `ipvlan`: the same without a bridge, straight upon the uplink;
 * - `ptp`: a pair of links and a route for each container;
 * - `host-device`: a link of the host's is lent to the container;
 * - `ports`: no link at all: published ports and bandwidth for what a plugin before us has made.
 */
export type Mode = (typeof modes)[number];

const macvlanModes = ['private', 'vepa', 'bridge', 'passthru'] as const;
const ipvlanModes = ['l2', 'l3', 'l3s'] as const;

/** A network's settings, the same whichever engine asks. */
export interface Settings {
  readonly mode: Mode;
  /** The bridge, in the modes `bridge` and `lan`. */
  readonly bridge: string;
  /** The uplink: what a bridge of mode `lan` is built upon, what macvlan and ipvlan lie upon. */
  readonly parent: string | undefined;
  /** The link that is lent in mode `host-device`. */
  readonly device: string | undefined;
  /** The VLAN that the container's port is in, untagged. */
  readonly vlan: number | undefined;
  readonly mtu: number | undefined;
  /** Packets that leave by other links than the network's get the host's address. */
  readonly masquerade: boolean;
  /** Whether the bridge gets the gateway's address. */
  readonly gateway: boolean;
  /** Whether there is a default route where the configuration gives no routes. */
  readonly defaultRoute: boolean;
  /** Whether the container reaches its own published ports. */
  readonly hairpin: boolean;
  /** Whether the LAN is asked if somebody has the address, and told that the container has it: it takes 300 ms. */
  readonly probe: boolean;
  readonly macvlanMode: (typeof macvlanModes)[number];
  readonly ipvlanMode: (typeof ipvlanModes)[number];
}

/** A setting that cannot be. `key` says which; `unsupported` that its value means nothing to us. */
export class SettingError extends ArgumentError {
  override name = 'SettingError';
  readonly key: string;
  readonly unsupported: boolean;

  constructor(key: string, value: unknown, why: string, unsupported = false) {
    super(`${key} is ${JSON.stringify(value)}: ${why}`);
    this.key = key;
    this.unsupported = unsupported;
  }
}

type Given = Readonly<Record<string, unknown>>;

/**
 * Reads settings from a configuration, where they are booleans and numbers, or from options, where all are text. The
 * names that the reference plugins have for the same are taken too.
 */
export function readSettings(network: string, given: Given): Settings {
  const mode = pick(given, 'mode', modes, 'bridge');
  const nat = mode === 'bridge' || mode === 'ptp';
  const settings: Settings = {
    mode,
    bridge: name(given, ['bridge']) ?? defaultBridge(network, mode),
    parent: name(given, ['parent', 'master']),
    device: name(given, ['device']),
    vlan: integer(given, 'vlan', 1, 4094),
    mtu: integer(given, 'mtu', 68, 65535),
    masquerade: bool(given, ['masquerade', 'ipMasq']) ?? nat,
    gateway: bool(given, ['gateway', 'isGateway']) ?? mode === 'bridge',
    defaultRoute: bool(given, ['defaultRoute', 'isDefaultGateway']) ?? mode !== 'host-device',
    hairpin: bool(given, ['hairpin', 'hairpinMode']) ?? nat,
    probe: bool(given, ['probe']) ?? ['lan', 'macvlan', 'ipvlan'].includes(mode),
    macvlanMode: pick(given, 'macvlanMode', macvlanModes, 'bridge'),
    ipvlanMode: pick(given, 'ipvlanMode', ipvlanModes, 'l2'),
  };
  const need = (key: 'parent' | 'device'): void => {
    if (settings[key] === undefined) throw new SettingError(key, undefined, `mode ${mode} needs it`);
  };
  if (mode === 'macvlan' || mode === 'ipvlan') need('parent');
  if (mode === 'host-device') need('device');
  if (settings.vlan !== undefined && mode !== 'lan' && mode !== 'bridge')
    throw new SettingError('vlan', settings.vlan, `mode ${mode} has no bridge`);
  return settings;
}

/** A bridge of its own for each network behind NAT; a name of at most 15 bytes that two networks hardly share. */
function defaultBridge(network: string, mode: Mode): string {
  return mode === 'lan' ? 'br0' : `nt-${digest(network, 8)}`;
}

function pick<T extends string>(given: Given, key: string, words: readonly T[], unless: T): T {
  const value = given[key];
  if (value === undefined || value === '') return unless;
  const found = words.find((word) => word === value);
  if (found === undefined) throw new SettingError(key, value, `it must be one of ${words.join(', ')}`, true);
  return found;
}

function first(given: Given, keys: readonly string[]): [string, unknown] | undefined {
  const key = keys.find((one) => given[one] !== undefined && given[one] !== '' && given[one] !== null);
  return key === undefined ? undefined : [key, given[key]];
}

function name(given: Given, keys: readonly string[]): string | undefined {
  const [key = '', value] = first(given, keys) ?? [];
  if (value === undefined) return undefined;
  const good = typeof value === 'string' && Buffer.byteLength(value) <= 15 && !/[/\s\0]/.test(value) && value !== '.' && value !== '..';
  if (!good) throw new SettingError(key, value, 'it must be the name of a link');
  return value;
}

function bool(given: Given, keys: readonly string[]): boolean | undefined {
  const [key = '', value] = first(given, keys) ?? [];
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new SettingError(key, value, 'it must be true or false');
}

function integer(given: Given, key: string, low: number, high: number): number | undefined {
  const value = given[key];
  if (value === undefined || value === '' || value === 0) return undefined;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < low || number > high)
    throw new SettingError(key, value, `it must be a number from ${low} to ${high}`);
  return number;
}
