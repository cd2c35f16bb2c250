import { CniError } from './errors.ts';
import type { CniResult } from './types.ts';

/** The versions of the specification that we speak, the oldest first. */
export const supportedVersions = ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;
export type CniVersion = (typeof supportedVersions)[number];

export const newest: CniVersion = '1.1.0';

const isSupported = (version: string): version is CniVersion =>
  (supportedVersions as readonly string[]).includes(version);

/** The version of a configuration, checked. One that says none is of 0.1.0, which is older than what we speak. */
export function negotiate(given: unknown): CniVersion {
  if (given !== undefined && typeof given !== 'string')
    throw new CniError('invalidConfig', `cniVersion must be a string, got ${JSON.stringify(given)}`);
  const version = given === undefined || given === '' ? '0.1.0' : given;
  if (isSupported(version)) return version;
  throw new CniError('incompatibleVersion', `incompatible CNI version: the configuration is of "${version}"`,
    `supported are ${supportedVersions.join(', ')}`);
}

/** Whether `version` has what came with `since`. */
export const atLeast = (version: CniVersion, since: CniVersion): boolean =>
  supportedVersions.indexOf(version) >= supportedVersions.indexOf(since);

/** The highest version that both sides speak; undefined where there is none. */
export const common = (theirs: readonly string[], limit: CniVersion = newest): CniVersion | undefined =>
  [...supportedVersions].reverse().find((version) => theirs.includes(version) && atLeast(limit, version));

/** A result as the version spoken has it: before 1.0.0 addresses carry their family, before 1.1.0 some fields lack. */
export function resultOf(result: CniResult, version: CniVersion): object {
  const full = atLeast(version, '1.1.0'), family = !atLeast(version, '1.0.0');
  return {
    cniVersion: version,
    interfaces: result.interfaces.map(({ name, mac, sandbox, mtu, socketPath, pciID }) =>
      given({ name, mac, sandbox, ...(full ? { mtu, socketPath, pciID } : {}) })),
    ips: result.ips.map(({ address, gateway, interface: index }) =>
      given({ ...(family ? { version: address.includes(':') ? '6' : '4' } : {}), interface: index, address, gateway })),
    routes: result.routes.map(({ dst, gw, mtu, advmss, priority, table, scope }) =>
      given({ dst, gw, ...(full ? { mtu, advmss, priority, table, scope } : {}) })),
    dns: given({ ...result.dns }),
  };
}

/** Without what is undefined, as JSON leaves it out too: what is compared in tests is what is sent. */
const given = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
