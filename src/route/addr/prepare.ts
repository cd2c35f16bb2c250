import { EncodeError, within } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { Lifetime } from '../lifetime.ts';
import { formatAddress, prefixOf } from '../prefix.ts';
import type { AddrInput } from './message.ts';

type Wire = AddrInput & { family: 'inet' | 'inet6'; index: number };

/** What the user wrote, as the message has it: the family from the address, defaults as `ip` has them. */
export function prepare(input: string | AddrInput, index: number): Wire {
  const given: AddrInput = typeof input === 'string' ? { address: input } : input;
  if (typeof given !== 'object' || given === null) throw new EncodeError(`must be an address like 192.0.2.1/24, got ${show(input)}`, 'address');
  const own = located('address', () => prefixOf(given.address)), { bytes } = own;
  const family = bytes.length === 4 ? 'inet' : 'inet6';
  if (given.family !== undefined && given.family !== family)
    throw new EncodeError(`is ${show(given.family)}, but the address is of the family "${family}"`, 'family');
  if (seconds(given.preferredLft, -Infinity) > seconds(given.validLft, Infinity)) throw new EncodeError('must not be longer than validLft', 'preferredLft');
  const peer = given.peer === undefined || given.peer === given.address ? undefined : given.peer;
  const length = lengthOf(given, own.length);
  const broadcast = given.broadcast === 'auto' ? lastOf(bytes, length) : given.broadcast;
  // the loopback's own addresses reach no further than this host
  const scope = given.scope ?? (family === 'inet' && bytes[0] === 127 ? 'host' : undefined);
  const address = peer === undefined || given.address.includes('/') ? given.address : `${given.address}/${length}`;
  // when a listed address was made is not for us to say
  return Object.assign({}, given, { address, family, index, peer, broadcast, scope, created: undefined, updated: undefined }) as Wire;
}

/** The prefix length, which an address and its peer have in common: either may tell it. */
function lengthOf({ address, peer }: AddrInput, length: number): number {
  if (!peer?.includes('/')) return length;
  const other = located('peer', () => prefixOf(peer)).length;
  if (address.includes('/') && other !== length) throw new EncodeError(`must have the prefix length ${length} as the address has, not ${other}`, 'peer');
  return other;
}

function located<T>(field: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw within(error, field);
  }
}

const seconds = (time: Lifetime | undefined, unless: number): number => (time === undefined ? unless : time === 'forever' ? Infinity : time);

/** The broadcast address of a prefix; prefixes of 31 and 32 bits have none (RFC 3021). */
function lastOf(bytes: Uint8Array, length: number): string | undefined {
  if (bytes.length !== 4) throw new EncodeError('is for IPv4 only', 'broadcast');
  if (length > 30) return undefined;
  return formatAddress(bytes.map((byte, i) => byte | (0xff >> Math.max(0, Math.min(8, length - 8 * i)))));
}
