import { join } from 'node:path';
import { NetlinkError } from '../../errors.ts';
import { openPool } from '../pool/pool.ts';
import { readRange, type Range } from '../pool/range.ts';
import type { Body, Driver } from './driver.ts';
import type { State } from './state.ts';

/** Subnets that are given out where docker asks for any. */
const anySubnets = Array.from({ length: 64 }, (_, i) => `10.${192 + i}.0.0/16`);

/** Docker's questions to an IPAM driver. Addresses are kept in pools, one folder each below `folder`. */
export function ipamDriver(state: State, folder: string): Driver {
  const pool = (id: string) => openPool(join(folder, String(id).replaceAll(/[^0-9a-zA-Z.]/g, '_')));
  const range = (id: string): Range => {
    const given = state.all().pools[id];
    if (!given) throw new NetlinkError('ENOENT', `there is no pool ${id}`);
    return readRange({ ...given, gateway: '' });
  };
  /** Pools that docker has from this process. One of a process before us that has no address was never answered for. */
  const answered = new Set<string>();
  return {
    GetCapabilities: () => ({ RequiresMACAddress: false }),
    GetDefaultAddressSpaces: () => ({ LocalDefaultAddressSpace: 'netlink-ts', GlobalDefaultAddressSpace: 'netlink-ts-global' }),
    RequestPool({ Pool: wanted, SubPool, V6 }: Body) {
      const taken = Object.entries(state.all().pools).filter(([id]) => answered.has(id) || pool(id).list().length > 0).map(([, { subnet }]) => subnet);
      if (!wanted && V6) throw new NetlinkError('ERR_ARGUMENT', 'give the subnet: --subnet fd00:1::/64');
      if (SubPool) throw new NetlinkError('ERR_ARGUMENT', '--ip-range is not supported by this IPAM driver');
      const { subnet } = readRange({ subnet: wanted || anySubnets.find((one) => !taken.includes(one)), gateway: '' });
      if (taken.includes(subnet)) throw new NetlinkError('EEXIST', `${subnet} is another network's`);
      const id = `netlink-ts/${subnet}`;
      state.change((all) => void (all.pools[id] = { subnet }));
      answered.add(id);
      return { PoolID: id, Pool: subnet, Data: {} };
    },
    ReleasePool({ PoolID }: Body) {
      pool(PoolID).keep(() => false);
      answered.delete(PoolID);
      state.change((all) => void delete all.pools[PoolID]);
      return {};
    },
    RequestAddress({ PoolID, Address, Options }: Body) {
      const one = range(PoolID), gateway = Options?.RequestAddressType === 'com.docker.network.gateway';
      // each address has a holder of its own: docker gives them back one by one
      const holder = { container: gateway ? 'gateway' : `docker-${process.hrtime.bigint()}`, ifname: 'eth' };
      const { address } = pool(PoolID).reserve(holder, [one], Address || undefined);
      return { Address: `${address}/${one.length}`, Data: {} };
    },
    ReleaseAddress({ PoolID, Address }: Body) {
      const own = pool(PoolID), held = own.list().find(({ address }) => address === Address);
      if (held) own.release(held, Address);
      return {};
    },
  };
}
