import { readJson } from '../json.ts';
import { readSettings, SettingError, type Settings } from '../network/settings.ts';
import { identifier } from './environment.ts';
import { CniError } from './errors.ts';
import type { Bandwidth, CniAttachment, CniDns, CniEnvironment, CniResult, IpamConfig, PortMapping } from './types.ts';
import { negotiate, type CniVersion } from './version.ts';

type Json = Readonly<Record<string, unknown>>;

/** A network configuration, read and checked. */
export interface CniConfig {
  readonly version: CniVersion;
  readonly name: string;
  readonly settings: Settings;
  readonly ipam: IpamConfig | undefined;
  readonly ports: readonly PortMapping[];
  /** Addresses that were asked for, with or without a prefix length. */
  readonly ips: readonly string[];
  readonly mac: string | undefined;
  readonly bandwidth: Bandwidth | undefined;
  readonly dns: CniDns;
  readonly prevResult: CniResult | undefined;
  /** GC: what is still there. Undefined where the runtime did not say. */
  readonly valid: readonly CniAttachment[] | undefined;
  /** As it came, for IPAM plugins. */
  readonly raw: Json;
}

/** Reads standard input. Fails with 6 where it is no JSON, 1 where its version is strange to us, 7 or 2 elsewhere. */
export function readConfig(text: string, { args }: Pick<CniEnvironment, 'args'>): CniConfig {
  const raw = parse(text), version = negotiate(raw['cniVersion']);
  const { name } = raw;
  if (typeof name !== 'string' || !identifier.test(name))
    throw new CniError('invalidConfig', `name must begin with a letter or digit and have letters, digits, "_", "." and "-" only, got ${JSON.stringify(name)}`);
  const runtime = object(raw, 'runtimeConfig'), own = object(object(raw, 'args'), 'cni');
  const ipam = object(raw, 'ipam');
  if (raw['ipam'] !== undefined && Object.keys(ipam).length > 0 && typeof ipam['type'] !== 'string')
    throw new CniError('invalidConfig', 'ipam.type is missing');
  const mac = runtime['mac'] ?? own['mac'] ?? args['MAC'] ?? raw['mac'];
  if (mac !== undefined && mac !== '' && !(typeof mac === 'string' && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)))
    throw new CniError('invalidConfig', `mac must be like 02:42:ac:11:00:02, got ${JSON.stringify(mac)}`);
  return {
    version, name, raw, settings: settings(name, raw),
    ipam: typeof ipam['type'] === 'string' && ipam['type'] !== '' ? ipam as IpamConfig : undefined,
    ports: list(runtime, 'portMappings').map(portMapping),
    ips: strings(runtime['ips'] ?? own['ips'] ?? (args['IP'] ? args['IP'].split(',') : undefined), 'ips'),
    mac: (mac as string) || undefined,
    bandwidth: runtime['bandwidth'] === undefined && raw['bandwidth'] === undefined ? undefined
      : bandwidth(object(runtime['bandwidth'] === undefined ? raw : runtime, 'bandwidth')),
    dns: object(raw, 'dns') as CniDns,
    prevResult: raw['prevResult'] === undefined || raw['prevResult'] === null ? undefined : readResult(object(raw, 'prevResult')),
    valid: raw['cni.dev/valid-attachments'] === undefined ? undefined
      : list(raw, 'cni.dev/valid-attachments') as unknown as readonly CniAttachment[],
  };
}

export function parse(text: string): Json {
  try {
    return readJson(text, 'the configuration');
  } catch (error) {
    throw new CniError('decode', (error as Error).message);
  }
}

/** A result of a plugin before us, of whatever version. */
export function readResult(raw: Json): CniResult {
  const whole = <T>(key: string): T[] => list(raw, key) as unknown as T[];
  return { interfaces: whole('interfaces'), ips: whole('ips'), routes: whole('routes'), dns: object(raw, 'dns') as CniDns };
}

function settings(name: string, raw: Json): Settings {
  try {
    return readSettings(name, raw);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new CniError(error.unsupported ? 'unsupportedField' : 'invalidConfig', error.message);
  }
}

/** CRI spells the keys with capitals, podman without. */
const lowered = (given: Json): Json => Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));

function bandwidth(given: Json): Bandwidth {
  const low = lowered(given);
  return Object.fromEntries((['ingressRate', 'ingressBurst', 'egressRate', 'egressBurst'] as const).flatMap((key) => {
    const value = low[key.toLowerCase()];
    if (value === undefined || value === null) return [];
    if (typeof value !== 'number' || !(value >= 0)) throw new CniError('invalidConfig', `bandwidth.${key} must be a number of bits, got ${JSON.stringify(value)}`);
    return [[key, value]];
  }));
}

function portMapping(given: Json, i: number): PortMapping {
  const low = lowered(given);
  const { hostport, containerport, protocol = 'tcp', hostip } = low, word = String(protocol).toLowerCase() || 'tcp';
  const port = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;
  if (!port(hostport) || !port(containerport) || !['tcp', 'udp', 'sctp'].includes(word))
    throw new CniError('invalidConfig', `runtimeConfig.portMappings[${i}] must have ports from 1 to 65535 and the protocol tcp, udp or sctp, got ${JSON.stringify(given)}`);
  return {
    hostPort: hostport as number, containerPort: containerport as number, protocol: word as PortMapping['protocol'],
    ...(typeof hostip === 'string' && hostip !== '' ? { hostIP: hostip } : {}),
  };
}

function object(from: Json, key: string): Json {
  const value = from[key];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new CniError('invalidConfig', `${key} must be an object, got ${JSON.stringify(value)}`);
  return value as Json;
}

function list(from: Json, key: string): Json[] {
  const value = from[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'object' || one === null))
    throw new CniError('invalidConfig', `${key} must be a list of objects, got ${JSON.stringify(value)}`);
  return value as Json[];
}

function strings(value: unknown, key: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw new CniError('invalidConfig', `${key} must be a list of addresses, got ${JSON.stringify(value)}`);
  return value as string[];
}
