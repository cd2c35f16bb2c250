import { quote } from '../../bytes/shell.ts';
import type { Link } from '../../route/link/message.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import { named } from '../plan/link-name.ts';
import type { OwnCalls } from '../plan/own-call.ts';

/** What links of VLANs are known by that we made. */
export const vlanAlias = 'netlink-ts';

/** Takes the link of a VLAN away, if it is ours and nobody uses it besides a link of that name in the container. */
export async function withoutVlan({ nl }: Host, vlan: Link, { ns }: Host, last: string): Promise<Step[]> {
  const { name, alias, mtu } = vlan, own = await nl.nsid.get(ns);
  if (vlan.kind !== 'vlan' || !(await isFree(nl, vlan, (user) => own !== undefined && user.nsid === own && user.name === last))) return [];
  const parent = await nl.link.get(vlan.link!, { stats: false });
  return [step(call('host', 'link.delete', [name]), [
    call('host', 'link.add', [{ name, kind: 'vlan', alias, mtu, up: true, link: named(parent.name), options: { id: vlan.options?.id } }], ['EEXIST']),
  ])];
}

export const vlanCalls = {
  /** Deletes the link of a VLAN if it is ours, has this MAC address, and nobody uses it: others may have come since it was made. */
  'vlan.release': {
    async run({ nl }, [name, address]) {
      const vlan = await present(nl, name);
      if (vlan !== undefined && vlan.address === address && await isFree(nl, vlan, () => false)) await nl.link.delete(vlan);
    },
    command: (name) => `ip link delete dev ${quote(name)}`,
  },
} satisfies Partial<OwnCalls>;

/** Whether a link is that of a VLAN that we made, and nobody uses it but those who do not count. */
async function isFree(nl: Host['nl'], vlan: Link, ignored: (user: User) => boolean): Promise<boolean> {
  if (vlan.kind !== 'vlan' || vlan.alias !== vlanAlias || vlan.master !== undefined) return false;
  if ((await nl.addr.list({ dev: vlan.index })).some(({ scope }) => scope !== 'link')) return false;
  return (await usersOf(nl, vlan)).every(ignored);
}

interface User {
  readonly nsid: number | undefined;
  readonly name: string;
}

/** Links upon a link, in this namespace and in all that this one has a number for. */
async function usersOf(nl: Host['nl'], { index }: Link): Promise<User[]> {
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
