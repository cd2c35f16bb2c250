import type { RouteClient } from '../../open.ts';
import type { Link } from '../../route/index.ts';
import type { Address, Attachment, WantedRoute } from './request.ts';

/** Gives the container's link, which is up, its addresses and routes. */
export function configure(inside: RouteClient, link: Link, host: RouteClient, name: string, attachment: Attachment): void {
  const { settings, addresses } = attachment, ptp = settings.mode === 'ptp';
  for (const { address } of addresses) inside.sync.addr.add(link, {
    address, flags: { ...(address.includes(':') && !settings.probe ? { nodad: true } : {}), ...(ptp ? { noprefixroute: true } : {}) },
  });
  if (ptp) pointToPoint(inside, link, host, name, addresses);
  for (const { dst, gw, mtu, advmss, priority, scope, table } of wantedRoutes(attachment)) {
    const gateway = scope === linkScope ? undefined : gw ?? gatewayFor(dst, addresses);
    inside.sync.route.replace({
      dst: /^(0\.0\.0\.0|::)\/0$/.test(dst) ? 'default' : dst, family: dst.includes(':') ? 'inet6' : 'inet', dev: link,
      ...given({ gateway, priority, table }), ...(mtu === undefined && advmss === undefined ? {} : { metrics: given({ mtu, advmss }) }),
    } as never);
  }
}

/** RT_SCOPE_LINK: what is reached without a gateway. */
const linkScope = 253;

const given = (values: object): object => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** The routes asked for; without any, a default route by each gateway. */
export function wantedRoutes({ routes, addresses, settings }: Pick<Attachment, 'routes' | 'addresses' | 'settings'>): readonly WantedRoute[] {
  if (routes.length > 0 || !settings.defaultRoute) return routes;
  return addresses.filter(({ gateway }) => gateway !== undefined)
    .map(({ gateway }) => ({ dst: gateway!.includes(':') ? '::/0' : '0.0.0.0/0', gw: gateway }));
}

const gatewayFor = (dst: string, addresses: readonly Address[]): string | undefined =>
  addresses.find(({ address, gateway }) => gateway !== undefined && address.includes(':') === dst.includes(':'))?.gateway;

/** No neighbours: the container reaches everything by the gateway, which is the host's end of the pair. */
function pointToPoint(inside: RouteClient, link: Link, host: RouteClient, name: string, addresses: readonly Address[]): void {
  for (const { address, gateway } of addresses) {
    const [own] = address.split('/'), width = own!.includes(':') ? 128 : 32;
    if (gateway !== undefined) {
      host.sync.addr.replace(name, { address: `${gateway}/${width}`, ...(width === 128 ? { flags: { nodad: true } } : {}) });
      inside.sync.route.add({ dst: `${gateway}/${width}`, dev: link });
    }
    host.sync.route.replace({ dst: `${own}/${width}`, dev: name });
  }
}
