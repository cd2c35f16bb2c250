import { bitsOfIPv4, parseIp } from '../bytes/ip.ts';
import { choice } from '../schema/choice.ts';
import { u8 } from '../schema/numbers.ts';

/** Address families that rtnetlink speaks of: include/linux/socket.h. */
export const family = choice(u8, {
  unspec: ['AF_UNSPEC', 0],
  inet: ['AF_INET', 2],
  bridge: ['AF_BRIDGE', 7],
  inet6: ['AF_INET6', 10],
  packet: ['AF_PACKET', 17],
  mpls: ['AF_MPLS', 28],
});

export type Family = ReturnType<typeof family.toName>;

/** The family of an address as it is spelt; undefined where it is none. */
export function familyOf(address: string): 'inet' | 'inet6' | undefined {
  const slash = address.indexOf('/'), end = slash < 0 ? address.length : slash;
  if (bitsOfIPv4(address, end) >= 0) return 'inet';
  return address.includes(':') && parseIp(address.slice(0, end)) ? 'inet6' : undefined;
}
