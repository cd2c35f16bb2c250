import { EncodeError } from '../../errors.ts';
import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { checkObject, show } from '../../schema/codec.ts';
import { text } from '../../schema/leaves.ts';
import { message, type Decoded, type Message } from '../../schema/message.ts';
import { reshaped } from '../../schema/reshaped.ts';
import { literal, type Arrange } from '../../schema/source.ts';
import { clockTicks, s32, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { lifetime } from '../lifetime.ts';
import { addressWithLength, familyAddress } from '../prefix.ts';
import { addrFlags, ifaddrmsg, lengthAt } from './header.ts';

/** `struct ifa_cacheinfo`; the times of making and changing are seconds since the system started. */
const cacheinfo = struct('ifa_cacheinfo', 16, {
  validLft: field('ifa_valid', 4, lifetime),
  preferredLft: field('ifa_prefered', 0, lifetime),
  created: field('cstamp', 8, clockTicks),
  updated: field('tstamp', 12, clockTicks),
});

/** IFAPROT_ of include/uapi/linux/if_addr.h: who set an address. */
export const addrProto = choice(u8, {
  unspec: ['IFAPROT_UNSPEC', 0],
  kernel_lo: ['IFAPROT_KERNEL_LO', 1],
  kernel_ra: ['IFAPROT_KERNEL_RA', 2],
  kernel_ll: ['IFAPROT_KERNEL_LL', 3],
});

/** One codec for both attributes: of an address that stands in both, it makes one text. */
const withLength = addressWithLength(lengthAt);

/**
 * RTM_NEWADDR as it is on the wire. IFA_ADDRESS is the address of the prefix: the peer's where there is a peer, our own
 * where there is none. IFA_LOCAL is always our own; IPv6 leaves it out without a peer.
 */
export const addrWire = message('addr', ifaddrmsg, attributes({
  peer: attribute('IFA_ADDRESS', 1, withLength),
  address: attribute('IFA_LOCAL', 2, withLength),
  label: attribute('IFA_LABEL', 3, text(15)),
  broadcast: attribute('IFA_BROADCAST', 4, familyAddress),
  anycast: attribute('IFA_ANYCAST', 5, familyAddress),
  cacheinfo: attribute('IFA_CACHEINFO', 6, cacheinfo),
  multicast: attribute('IFA_MULTICAST', 7, familyAddress),
  flags: attribute('IFA_FLAGS', 8, addrFlags),
  metric: attribute('IFA_RT_PRIORITY', 9, u32),
  targetNetnsid: attribute('IFA_TARGET_NETNSID', 10, s32),
  proto: attribute('IFA_PROTO', 11, addrProto),
}));

type Wire = Decoded<typeof addrWire>;
type Times = NonNullable<Wire['cacheinfo']>;
type Rest = Omit<Wire, 'address' | 'peer' | 'cacheinfo' | 'anycast' | 'multicast'>;

/** An address of a link. What is listed can be given to `add`. */
export interface Addr extends Rest, Partial<Times> {
  /** Our own address with the length of its prefix: `192.0.2.1/24`. */
  address: string;
  /** The other end of a point-to-point link, with the length of the prefix that lies behind it. */
  peer?: string | undefined;
}

/** An address to be set. */
export interface AddrInput extends Partial<{ [K in keyof Omit<Addr, 'address' | 'broadcast' | 'created' | 'updated'>]: Addr[K] | undefined }> {
  /** `192.0.2.1/24`; without a length it is the address alone, as `/32` or `/128`. */
  address: string;
  /** IPv4 only; 'auto' is the last address of the prefix. Left out, there is none, as with `ip`. */
  broadcast?: string | undefined;
  created?: number | undefined;
  updated?: number | undefined;
}

const times = Object.keys(cacheinfo.fields) as (keyof Times)[];
/** What lies on the wire otherwise than it is given. */
const apart: ReadonlySet<string> = new Set(['address', 'peer', ...times]);

function toWire(addr: Partial<AddrInput>): Partial<Wire> {
  checkObject(addr);
  const { address, peer, preferredLft, validLft, created, updated } = addr, six = addr.family === 'inet6';
  checkText(address, 'address');
  checkText(peer, 'peer');
  // the prefix length is one byte of the header, and the last to be written: a peer may be spelt without
  const other = peer === undefined || peer.includes('/') || !address ? peer : `${peer}/${address.split('/')[1] ?? ''}`;
  const wire: { [key: string]: unknown } = six && peer !== undefined ? { address, peer: other } : { peer: other ?? address, address: six ? undefined : address };
  for (const key of Object.keys(addr)) if (!apart.has(key)) wire[key] = addr[key as keyof AddrInput];
  if (times.some((time) => addr[time] !== undefined))
    wire['cacheinfo'] = { preferredLft: preferredLft ?? validLft ?? 'forever', validLft: validLft ?? 'forever', created, updated };
  return wire as Partial<Wire>;
}

function checkText(value: unknown, field: string): void {
  if (value !== undefined && typeof value !== 'string') throw new EncodeError(`must be an address like 192.0.2.1/24, got ${show(value)}`, field);
}

function fromWire({ cacheinfo, peer, address, ...rest }: Wire): Addr {
  const other = address !== undefined && peer !== undefined && peer !== address ? { peer } : {};
  return { address: address ?? peer, ...other, ...rest, ...cacheinfo } as Addr;
}

/** The same as `fromWire` makes. */
const arrange: Arrange = ({ cacheinfo, peer, address, ...rest }) => {
  const members = cacheinfo === undefined ? {} : Object.fromEntries(times.map((time) => [time, `${cacheinfo}.${time}`]));
  const alone = literal({ address: address ?? peer ?? 'undefined', ...rest, ...members });
  if (address === undefined || peer === undefined) return alone;
  return `${peer} === ${address} ? ${alone} : ${literal({ address, peer, ...rest, ...members })}`;
};

/** RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR in the user's shape; what the wire has twice stands once. */
export const addrMessage: Message<Addr, Partial<AddrInput>> = {
  ...(addrWire as unknown as Message<Addr, Partial<AddrInput>>),
  decode: reshaped(addrWire, fromWire, arrange),
  encode(w, value) {
    try {
      addrWire.encode(w, toWire(value));
    } catch (error) {
      throw error instanceof EncodeError ? new EncodeError(error.reason, error.field.replace(/^cacheinfo\./, '')) : error;
    }
  },
};
