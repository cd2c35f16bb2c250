import type { Link } from '../../route/link/message.ts';
import type { Host } from '../host.ts';
import { call, step, type Step } from '../plan/call.ts';
import { named } from '../plan/link-name.ts';

/** What links of VLANs are known by that we made. */
export const vlanAlias = 'netlink-ts';

/** Takes the link of a VLAN away, if it is ours and nobody uses it besides a link of that name in the container. */
export async function withoutVlan({ nl }: Host, vlan: Link, { ns }: Host, last: string): Promise<Step[]> {
  const { name, kind, alias, index, options, mtu } = vlan;
  if (kind !== 'vlan' || alias !== vlanAlias || vlan.master !== undefined) return [];
  const addresses = (await nl.addr.list({ dev: index })).filter(({ scope }) => scope !== 'link'), own = await nl.nsid.get(ns);
  if (addresses.length > 0 || (await usersOf(nl, vlan)).some((user) => own === undefined || user.nsid !== own || user.name !== last)) return [];
  const parent = await nl.link.get(vlan.link!, { stats: false });
  return [step(call('host', 'link.delete', [name]), [
    call('host', 'link.add', [{ name, kind, alias, mtu, up: true, link: named(parent.name), options: { id: options?.id } }], ['EEXIST']),
  ])];
}

/** Links upon a link, in this namespace and in all that this one has a number for. */
async function usersOf(nl: Host['nl'], { index }: Link): Promise<{ nsid: number | undefined; name: string }[]> {
  const namespaces = [undefined, ...(await nl.nsid.list()).map(({ nsid }) => nsid)];
  const users = await Promise.all(namespaces.map(async (nsid) => (await nl.link.list({ nsid, stats: false }).catch(ended))
    .filter((link) => link.link === index && link.kind !== 'veth' && (link.linkNetnsid === undefined) === (nsid === undefined))
    .map(({ name }) => ({ nsid, name }))));
  return users.flat();
}

/** A namespace may go while it is asked for. */
function ended(error: { code?: string }): Link[] {
  if (error.code === 'EINVAL' || error.code === 'ENOENT') return [];
  throw error;
}
