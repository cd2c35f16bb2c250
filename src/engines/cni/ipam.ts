import { join } from 'node:path';
import { NetlinkError } from '../../errors.ts';
import { openPool, PoolError } from '../pool/pool.ts';
import { inSubnet, readRange, type Range, type RangeInput } from '../pool/range.ts';
import type { CniConfig } from './config.ts';
import type { Delegation } from './delegate.ts';
import { CniError } from './errors.ts';
import type { CniEnvironment, CniIp, CniResult, CniRoute, Command, IpamConfig } from './types.ts';

/** Where a network's addresses come from. */
export interface Ipam {
  add(): Promise<CniResult>;
  /** Gives back what the container has, again and again if need be. */
  release(): Promise<void>;
  check(): Promise<void>;
  status(): Promise<void>;
  /** Gives back what is held by others than those that are valid. */
  collect(valid: (container: string, ifname: string) => boolean): Promise<void>;
}

/** The type that means our own pool. */
export const ownType = 'netlink-ts';

export function ipamOf(config: CniConfig, environment: CniEnvironment, state: string): Ipam {
  if (config.ipam === undefined) return given(config);
  return config.ipam.type === ownType ? own(config, config.ipam, environment, state) : foreign(config, config.ipam, environment);
}

/** No IPAM: the addresses that were asked for, which then need a prefix length, or none at all. */
function given({ ips, raw }: CniConfig): Ipam {
  const all = [...ips, ...(Array.isArray(raw['addresses']) ? raw['addresses'] as string[] : [])];
  return { ...nothing, add: async () => ({ ...empty(), ips: all.map((address): CniIp => {
    if (address.includes('/')) return { address, ...(raw['gatewayAddress'] ? { gateway: raw['gatewayAddress'] as string } : {}) };
    throw new CniError('invalidConfig', `${address}: without ipam an address needs its prefix length`);
  }) }) };
}

const empty = (): CniResult => ({ interfaces: [], ips: [], routes: [], dns: {} });
const done = async (): Promise<void> => {};
const nothing = { release: done, check: done, status: done, collect: done };

function own({ name, ips }: CniConfig, ipam: IpamConfig, { containerId, ifname }: CniEnvironment, state: string): Ipam {
  const sets = rangeSets(ipam), routes = (ipam['routes'] ?? []) as CniRoute[];
  const pool = openPool(join(typeof ipam['dataDir'] === 'string' ? ipam['dataDir'] : join(state, 'pools'), name));
  const holder = { container: containerId, ifname };
  return {
    async add() {
      const wanted = ips.map((ip) => ip.replace(/\/.*/, ''));
      const stray = wanted.find((ip) => !sets.some((set) => set.some((range) => inSubnet(range, ip))));
      if (stray !== undefined) throw new CniError('noAddress', `${stray} is in no range of this network`);
      try {
        const found = sets.map((set) => {
          const { address, range } = pool.reserve(holder, set, wanted.find((ip) => set.some((one) => inSubnet(one, ip))));
          return { address: `${address}/${range.length}`, gateway: range.gateway };
        });
        return { ...empty(), ips: found, routes: [...routes] };
      } catch (error) {
        pool.release(holder);
        throw error instanceof PoolError ? new CniError('noAddress', error.message) : error;
      }
    },
    release: async () => void pool.release(holder),
    async check() {
      if (pool.list().every((held) => held.container !== containerId || held.ifname !== ifname))
        throw new CniError('differs', `no address is reserved for ${containerId} (${ifname})`);
    },
    status: done,
    collect: async (valid) => void pool.keep((held) => valid(held.container, held.ifname)),
  };
}

/** `subnet` alone, or `ranges`: an address of each set, whose ranges stand in for one another. */
function rangeSets(ipam: IpamConfig): Range[][] {
  const given = Array.isArray(ipam['ranges']) ? ipam['ranges'] as RangeInput[][] : ipam['subnet'] === undefined ? []
    : [[ipam as unknown as RangeInput]];
  if (given.length === 0) throw new CniError('invalidConfig', 'ipam needs a subnet, or ranges');
  try {
    return given.map((set) => set.map(readRange));
  } catch (error) {
    throw error instanceof NetlinkError ? new CniError('invalidConfig', `ipam: ${error.message}`) : error;
  }
}

function foreign({ raw, version }: CniConfig, ipam: IpamConfig, environment: CniEnvironment): Ipam {
  const { prevResult: _, ...rest } = raw;
  const delegate = async (command: Command, what: Delegation) => (await import('./delegate.ts')).delegate(command, what);
  const plain: Delegation = { type: ipam.type, config: rest, version, environment };
  return {
    async add() {
      const result = await delegate('ADD', plain);
      if (result.ips.length > 0) return result;
      throw new CniError('noAddress', `the IPAM plugin ${ipam.type} gave no address`);
    },
    release: async () => void await delegate('DEL', plain),
    check: async () => void await delegate('CHECK', { ...plain, config: raw }),
    async status() {
      await delegate('STATUS', plain).catch(unlessUnknown);
    },
    async collect() {
      await delegate('GC', plain).catch(unlessUnknown);
    },
  };
}

/** Plugins of before 1.1.0 know neither STATUS nor GC; they say so by code 1 or 4. */
function unlessUnknown(error: unknown): void {
  if (!(error instanceof CniError) || ![1, 4].includes(error.number)) throw error;
}
