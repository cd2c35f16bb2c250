import type { Host } from '../../container/host.ts';
import { announce, probe } from '../../container/lan/calls.ts';
import { waitForDad } from '../../route/addr/ready.ts';
import { NetlinkError } from '../../errors.ts';
import type { Address } from './request.ts';

/** As `lan.attach` asks unless it is told otherwise. */
const probing = { count: 3, interval: 100 }, timeout = 10_000;

const bare = (address: string): string => address.replace(/\/.*/, '');

/** Nobody on the network of a link has one of these addresses, nor has the host. IPv6 asks by itself, when it is given one. */
export async function checkFree(host: Host, asking: Host, dev: string, addresses: readonly Address[]): Promise<void> {
  const four = addresses.map(({ address }) => bare(address)).filter((ip) => !ip.includes(':'));
  if (four.length === 0) return;
  const own = host.nl.sync.addr.list({ family: 'inet' }).map(({ address }) => bare(address));
  const taken = four.find((ip) => own.includes(ip));
  if (taken !== undefined) throw new NetlinkError('ERR_ADDRESS_IN_USE', `${taken} is an address of the host itself`);
  await Promise.all(four.map((ip) => probe(asking, [dev, ip, probing], { timeout })));
}

/** Tells the network of a link who has these addresses now, once IPv6 has found nobody else who has them. */
export async function tellAll(inside: Host, dev: string, addresses: readonly Address[]): Promise<void> {
  if (addresses.some(({ address }) => address.includes(':'))) await waitForDad(inside.nl as never, dev, { timeout });
  for (const { address } of addresses) await announce(inside, [dev, bare(address)], { timeout });
}
