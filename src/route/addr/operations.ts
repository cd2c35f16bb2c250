import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, type Asked, type Exchange, type Steps } from '../../conversation/operation.ts';
import { errno } from '../../errno.ts';
import { KernelError, type IgnoredField } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { networkOf, prefixOf } from '../prefix.ts';
import { addrMessage, type Addr, type AddrInput } from './message.ts';
import { prepare } from './prepare.ts';
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from './types.ts';
import { unlike, unlikeBesides } from './unlike.ts';

export { anycast, multicast } from './groups.ts';

/** Which addresses are listed. The kernel filters by link and family, the rest is filtered here. */
export interface AddrFilter {
  readonly dev?: LinkRef | undefined;
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly scope?: Addr['scope'] | undefined;
  readonly label?: string | undefined;
  /** Addresses in this network: `10.0.0.0/8`. */
  readonly to?: string | undefined;
  /** Flags that an address has, or with false has not. */
  readonly flags?: Addr['flags'] | undefined;
  readonly proto?: Addr['proto'] | undefined;
}

/**
 * Lists the addresses of this namespace, or of one link.
 *
 * Equivalent to `ip address show [dev DEV]`.
 */
export function* list(filter: AddrFilter = {}): Steps<Addr[]> {
  const { family, scope, label, to, proto } = filter;
  const index = filter.dev === undefined ? undefined : yield* indexOf('addr.list', filter.dev);
  const network = to === undefined ? undefined : networkOf(to), length = to === undefined ? 0 : prefixOf(to).length;
  const flags = Object.entries(filter.flags ?? {});
  const keep = (addr: Addr): boolean =>
    (index === undefined || addr.index === index) && (family === undefined || addr.family === family) &&
    (scope === undefined || addr.scope === scope) && (label === undefined || addr.label === label) &&
    (proto === undefined || addr.proto === proto) &&
    flags.every(([flag, on]) => ((addr.flags as { [flag: string]: unknown })[flag] ?? false) === on) &&
    (network === undefined || networkOf(`${bare(addr.address)}/${length}`) === network);
  return dump('addr.list', RTM_GETADDR, addrMessage, { family, index }, addrMessage, keep as never,
    () => `ip ${family === 'inet6' ? '-6 ' : family === 'inet' ? '-4 ' : ''}address show${index === undefined ? '' : ` dev ${devText(filter.dev)}`}`) as unknown as Exchange<Addr[]>;
}

/**
 * Gives a link an address.
 *
 * Equivalent to `ip address add ADDRESS dev DEV`. No broadcast address is set unless given. An IPv4 address in a
 * prefix that the link already has becomes a secondary one. Fails with EEXIST where the link has the address.
 */
export const add = (dev: LinkRef, address: string | AddrInput): Steps<void> => set('addr.add', NLM_F.CREATE | NLM_F.EXCL, 'add', dev, address);

/**
 * Gives a link an address, or sets the lifetimes, metric, protocol and (IPv6) flags and peer of the one it has.
 *
 * Equivalent to `ip address replace ADDRESS dev DEV`. The kernel acknowledges and ignores other differences: the label,
 * scope and broadcast address of an IPv4 address, the prefix length of an IPv6 address. `ensure` tells.
 */
export const replace = (dev: LinkRef, address: string | AddrInput): Steps<void> => set('addr.replace', NLM_F.CREATE | NLM_F.REPLACE, 'replace', dev, address);

/**
 * As `replace`: where the link has no such address, the kernel adds it all the same.
 *
 * Equivalent to `ip address change ADDRESS dev DEV`.
 */
export const change = (dev: LinkRef, address: string | AddrInput): Steps<void> => set('addr.change', NLM_F.REPLACE, 'change', dev, address);

/**
 * Sees to it that a link has an address as described, and gives it as it is then.
 *
 * Fails with EEXIST where the link has it and differs in what the kernel does not change: label, scope, broadcast
 * address, peer, prefix length of IPv6. To delete it first would also delete its secondaries, so that is left to you.
 */
export function* ensure(dev: LinkRef, address: string | AddrInput): Steps<Addr> {
  const wanted = prepare(address, yield* indexOf('addr.ensure', dev));
  yield* ask(change_('addr.ensure', NLM_F.CREATE | NLM_F.REPLACE, wanted));
  const present = (yield* ask(list({ dev: wanted.index, family: wanted.family }))).find(same(wanted));
  if (!present) throw new KernelError({ operation: 'addr.ensure', errno: errno.EADDRNOTAVAIL, hint: `${wanted.address} was removed meanwhile` });
  const differs = unlike(wanted, present)[0]?.field as keyof Addr | undefined;
  if (differs)
    throw new KernelError({ operation: 'addr.ensure', errno: errno.EEXIST, field: differs, hint: `The link has ${present.address} with the ${differs} ${show(present[differs])}, which cannot be changed` });
  return done(present);
}

/**
 * Takes an address from a link. Without a prefix length, the one that the link has.
 *
 * Equivalent to `ip address delete ADDRESS dev DEV`. Deleting a primary IPv4 address deletes its secondaries too, unless
 * net.ipv4.conf.DEV.promote_secondaries is set. Fails with EADDRNOTAVAIL where the link has no such address.
 */
function* remove(dev: LinkRef, address: string | AddrInput): Steps<void> {
  const index = yield* indexOf('addr.delete', dev);
  const wanted = prepare(address, index);
  let { address: text_, peer } = wanted;
  if (!text_.includes('/')) {
    const present = (yield* ask(list({ dev: index, family: wanted.family }))).find(same(wanted));
    if (!present) throw new KernelError({ operation: 'addr.delete', errno: errno.EADDRNOTAVAIL, field: 'address', hint: `The link has no address ${text_}` });
    ({ address: text_, peer } = present);
  }
  return delete_('addr.delete', { family: wanted.family, index, address: text_, peer, ...(wanted.family === 'inet' ? { label: wanted.label } : {}) }, dev);
}
export { remove as delete };

/**
 * Deletes the addresses of a link, or those of them that a filter picks, until none is left; gives their number.
 *
 * Equivalent to `ip address flush dev DEV`. Without a link, those of every link.
 */
export function* flush(dev: LinkRef | undefined, filter: Omit<AddrFilter, 'dev'> = {}): Steps<number> {
  const index = dev === undefined ? undefined : yield* indexOf('addr.flush', dev);
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const addresses = yield* ask(list({ ...filter, dev: index }));
    if (addresses.length === 0) break;
    for (const { family, index, address, peer } of addresses) {
      seen.add(`${index} ${address} ${peer}`);
      yield* tolerating(delete_('addr.flush', { family: family as 'inet', index, address, peer }, index));
    }
  }
  return done(seen.size);
}

/** Addresses may come while others are deleted, but not for ever. */
const rounds = 10;

/** A secondary address is gone with its primary. */
function* tolerating(exchange: Exchange<void>): Generator<Asked, void, any> {
  try {
    yield* ask(exchange);
  } catch (error) {
    if (!(error instanceof KernelError) || error.code !== 'EADDRNOTAVAIL') throw error;
  }
}

function* set(operation: string, flags: number, verb: string, dev: LinkRef, address: string | AddrInput): Steps<void> {
  const wire = prepare(address, 0); // what is wrong with it is said before anything is asked
  wire.index = yield* indexOf(operation, dev);
  return change_(operation, flags, wire, () => `ip address ${verb} ${quote(wire.address)} dev ${devText(dev)}`, () => ignoredOfAddr(wire));
}

/** Inside steps: what of an address the link does not have so, although it was acknowledged. */
function* ignoredOfAddr(wanted: AddrInput & { family: 'inet' | 'inet6'; index: number }): Generator<Asked, readonly IgnoredField[], any> {
  const present = (yield* ask(list({ dev: wanted.index, family: wanted.family }))).find(same(wanted));
  if (!present) return [{ field: 'address', wanted: wanted.address, present: undefined }];
  return [...unlike(wanted, present), ...unlikeBesides(wanted, present)];
}

const change_ = (operation: string, flags: number, wire: AddrInput, command?: () => string, verify?: Exchange<void>['verify']): Exchange<void> =>
  acknowledged(operation, RTM_NEWADDR, flags, addrMessage, wire, command, verify);

const delete_ = (operation: string, wire: AddrInput, dev: LinkRef): Exchange<void> =>
  acknowledged(operation, RTM_DELADDR, 0, addrMessage, wire, () => `ip address delete ${quote(wire.address)} dev ${devText(dev)}`);

const bare = (address: string): string => address.replace(/\/.*/, '');

/** Whether an address that was listed is the one that is wanted; spelling does not count. */
function same(wanted: AddrInput & { family: string }): (addr: Addr) => boolean {
  const { bytes, length } = prefixOf(wanted.address), peer = wanted.peer === undefined ? undefined : prefixOf(wanted.peer).bytes;
  const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
  return (addr) => {
    const present = prefixOf(addr.address);
    return equal(present.bytes, bytes) &&
      (wanted.family === 'inet6' || !wanted.address.includes('/') || present.length === length) &&
      (peer === undefined || equal(prefixOf(addr.peer ?? addr.address).bytes, peer));
  };
}
