import type { Link, LinkChange } from '../../route/link/message.ts';
import type { Host } from '../host.ts';
import { call, step, type Step } from '../plan/call.ts';

/** What IPv4 and IPv6 are told about a link by its administrator, as /proc/sys spells it. */
const names = {
  ipv4: ['rp_filter', 'arp_ignore', 'arp_announce', 'arp_filter', 'arp_notify', 'accept_local', 'proxy_arp', 'promote_secondaries',
    'send_redirects', 'accept_redirects', 'secure_redirects', 'shared_media', 'accept_source_route', 'log_martians',
    'route_localnet', 'src_valid_mark', 'forwarding'],
  ipv6: ['disable_ipv6', 'forwarding', 'accept_ra', 'accept_ra_defrtr', 'accept_ra_pinfo', 'accept_ra_rtr_pref', 'accept_ra_mtu',
    'autoconf', 'use_tempaddr', 'accept_redirects', 'accept_source_route', 'proxy_ndp', 'dad_transmits', 'keep_addr_on_down'],
} as const;

/** Steps that give a new link the settings of another, where those are not what each new link has. */
export function settingSteps({ settings }: Host, from: string, to: string): Step[] {
  const value = (family: string, dev: string, name: string) => settings.get(`net/${family}/conf/${dev}/${name}`);
  return Object.entries(names).flatMap(([family, all]) => all.flatMap((name) => {
    const wanted = value(family, from, name);
    if (wanted === undefined || wanted === value(family, 'default', name)) return [];
    return [step(call('host', 'sysctl.set', [`net/${family}/conf/${to}/${name}`, wanted]))];
  }));
}

/** No addresses of its own making: it gets those that the other link has. */
export const withoutOwnAddress = (link: Link): LinkChange | undefined =>
  (link.afSpec?.inet6 === undefined ? undefined : { afSpec: { inet6: { addrGenMode: 'none' } } });
