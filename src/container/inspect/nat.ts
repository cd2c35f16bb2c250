import type { Host } from '../host.ts';
import { publishedPort } from '../modes/ports.ts';
import type { State } from '../modes/state.ts';
import { subnetOf } from '../modes/subnet.ts';
import { table } from '../modes/table.ts';
import { natRule, type NatRule } from './rules.ts';

/** The NAT that a container's addresses meet on the host: ours, from our maps, and that of others, from their rules. */
export async function natOf({ nft }: Host, state: State | undefined, addresses: readonly string[]): Promise<NatRule[]> {
  const place = `${table.family} ${table.name}`, rules: NatRule[] = [];
  for (const { what } of state?.ports ?? []) {
    const { protocol, hostPort, hostAddress, address, port } = publishedPort(what);
    if (addresses.includes(address)) rules.push({ place: `${place} publish`, action: 'dnat', protocol, hostPort, hostAddress, address, port });
  }
  for (const gateway of state?.bridges.flatMap(({ gateways }) => gateways) ?? []) {
    const source = subnetOf(gateway, 'gateway').text;
    if (addresses.some((address) => covers(source, address))) rules.push({ place: `${place} postrouting`, action: 'masquerade', source });
  }
  const listed = await nft.rule.list().catch(() => []); // a kernel without nf_tables has no rules
  return [...rules, ...listed.filter((rule) => !table.owns(rule as never)).flatMap((rule) => {
    const found = natRule(rule);
    const about = found?.address !== undefined ? addresses.includes(found.address)
      : found?.source !== undefined && addresses.some((address) => covers(found.source!, address));
    return found && about ? [found] : [];
  })];
}

/** Whether a subnet, or an address alone, has the address in it. */
function covers(source: string, address: string): boolean {
  if (!source.includes('/') || source.includes(':') !== address.includes(':')) return source === address;
  const subnet = subnetOf(source, 'source');
  return subnetOf(`${address}/${subnet.length}`, 'address').first === subnet.first;
}
