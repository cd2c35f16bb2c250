import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NetlinkError } from '../../errors.ts';
import { namesIn, readText, writeText } from '../files.ts';
import { locked } from './lock.ts';
import { addressOf, canonical, contains, inSubnet, numberOf, type Range } from './range.ts';
import { parseIp } from '../../bytes/ip.ts';

/** No address could be given. `code` is `ERR_ADDRESS_IN_USE`, `ERR_POOL_FULL` or `ERR_NOT_IN_POOL`. */
export class PoolError extends NetlinkError {
  override name = 'PoolError';
}

/** Who has an address: a container and the name of its interface, or whatever else tells holders apart. */
export interface Holder {
  readonly container: string;
  readonly ifname: string;
}

export interface Reservation extends Holder {
  readonly address: string;
}

/**
 * Addresses that are given out, each a file named after it that says whose it is, in a folder whose lock every change
 * takes: any number of processes can share it, and one that is killed leaves either a whole reservation or none.
 */
export interface Pool {
  /**
   * Reserves an address: the one wanted, or the next free one after the last that was given. The ranges of a set
   * stand in for one another. A holder that asks again for a set it has an address of is given the same one.
   */
  reserve(holder: Holder, set: readonly Range[], wanted?: string): { readonly address: string; readonly range: Range };
  /** Gives back all that a holder has, or one address of it; tells which. */
  release(holder: Holder, address?: string): string[];
  list(): Reservation[];
  /** Gives back what is held by others than these; tells which. */
  keep(valid: (holder: Holder) => boolean): Reservation[];
}

/** The pool in a folder, which is made when it is first needed. */
export function openPool(folder: string): Pool {
  const alone = <T>(work: () => T): T => locked(join(folder, 'lock'), work);
  return {
    reserve: (holder, set, wanted) => alone(() => reserve(folder, holder, set, wanted)),
    release: (holder, address) => alone(() => remove(folder, (held) =>
      held.container === holder.container && held.ifname === holder.ifname &&
      (address === undefined || held.address === canonical(address))).map((held) => held.address)),
    list: () => alone(() => read(folder)),
    keep: (valid) => alone(() => remove(folder, (held) => !valid(held))),
  };
}

function reserve(folder: string, holder: Holder, set: readonly Range[], wanted: string | undefined) {
  const taken = new Map(read(folder).map((held) => [held.address, held]));
  const own = [...taken.values()].filter((held) => held.container === holder.container && held.ifname === holder.ifname);
  if (wanted !== undefined) {
    const address = canonical(wanted), range = set.find((one) => inSubnet(one, address));
    if (!range) throw new PoolError('ERR_NOT_IN_POOL', `${address} is in no range of this network: ${told(set)}`);
    const held = taken.get(address);
    if (held && !own.includes(held))
      throw new PoolError('ERR_ADDRESS_IN_USE', `${address} is in use by ${held.container} (${held.ifname})`);
    if (address === range.gateway) throw new PoolError('ERR_ADDRESS_IN_USE', `${address} is the gateway's`);
    return given(folder, holder, range, address);
  }
  for (const range of set) {
    const again = own.find((held) => contains(range, held.address));
    if (again) return { address: again.address, range };
  }
  for (const range of set) {
    const address = nextFree(folder, range, taken);
    if (address !== undefined) return given(folder, holder, range, address);
  }
  throw new PoolError('ERR_POOL_FULL', `no free address in ${told(set)}: ${taken.size} are given out`);
}

/** Round about: an address that was just given back rests as long as it can. */
function nextFree(folder: string, range: Range, taken: ReadonlyMap<string, unknown>): string | undefined {
  const width = range.family === 'inet' ? 32 : 128, size = range.last - range.first + 1n;
  const last = parseIp(readText(join(folder, lastName(range))) ?? '');
  const start = last && contains(range, addressOf(numberOf(last), width)) ? numberOf(last) - range.first + 1n : 0n;
  // of so many addresses one is free, unless it is the gateway's
  const tries = size < BigInt(taken.size + 2) ? size : BigInt(taken.size + 2);
  for (let i = 0n; i < tries; i++) {
    const address = addressOf(range.first + ((start + i) % size), width);
    if (!taken.has(address) && address !== range.gateway) return address;
  }
  return undefined;
}

function given(folder: string, { container, ifname }: Holder, range: Range, address: string) {
  writeText(join(folder, fileName(address)), `${container}\n${ifname}\n`);
  writeText(join(folder, lastName(range)), address);
  return { address, range };
}

const fileName = (address: string): string => address.replaceAll(':', '_');
const lastName = (range: Range): string => `last.${fileName(range.subnet).replace('/', '-')}`;
const told = (set: readonly Range[]): string => set.map(({ subnet }) => subnet).join(', ');

function read(folder: string): Reservation[] {
  return namesIn(folder).flatMap((name) => {
    const address = name.replaceAll('_', ':');
    if (!parseIp(address)) return [];
    const [container = '', ifname = ''] = (readText(join(folder, name)) ?? '').split('\n');
    return [{ address, container, ifname }];
  });
}

function remove(folder: string, which: (held: Reservation) => boolean): Reservation[] {
  for (const name of namesIn(folder)) if (name.endsWith('.new')) rmSync(join(folder, name)); // of one that was killed: we have the lock
  const gone = read(folder).filter(which);
  for (const { address } of gone) rmSync(join(folder, fileName(address)), { force: true });
  return gone;
}
