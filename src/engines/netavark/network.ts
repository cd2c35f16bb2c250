import { ArgumentError } from '../../errors.ts';
import { readSettings, type Settings } from '../network/settings.ts';
import { readRange } from '../pool/range.ts';
import type { NetavarkNetwork, NetavarkSubnet } from './types.ts';

/**
 * Checks a network that podman is about to write down, and says more of it: the gateway, so that podman gives it to
 * nobody, and the link of the host's. Names are not served here, so its DNS is off.
 */
export function create(network: NetavarkNetwork): NetavarkNetwork {
  const given = options(network), unread = new Set(Object.keys(given));
  const settings = readSettings(network.name, new Proxy(given, { get: (from, key: string) => (unread.delete(key), from[key]) }));
  if (unread.size > 0) throw new ArgumentError(`there is no option ${[...unread].join(', ')}`);
  if (settings.mode === 'ports') throw new ArgumentError('mode ports is for chains of CNI plugins, podman has none');
  if (!network.subnets?.length && network.ipam_options?.['driver'] !== 'none')
    throw new ArgumentError('name the subnet: --subnet 10.66.0.0/24 (or --ipam-driver none for links without addresses)');
  const link = linkOf(settings);
  return {
    ...network, dns_enabled: false, ...(link === undefined ? {} : { network_interface: link }),
    subnets: network.subnets?.map((subnet) => ({ ...subnet, ...gatewayOf(network, subnet) })) ?? null,
  };
}

/** The host's link that a network is known by. */
const linkOf = ({ mode, bridge, parent, device }: Settings): string | undefined =>
  mode === 'bridge' || mode === 'lan' ? bridge : parent ?? device;

function gatewayOf({ internal }: NetavarkNetwork, { subnet, gateway }: NetavarkSubnet): { gateway?: string } {
  const range = readRange({ subnet, gateway: gateway ?? (internal ? '' : undefined) });
  return range.gateway === undefined ? {} : { gateway: range.gateway };
}

/** A network's configuration in the words of our CNI plugin. */
export function configOf(network: NetavarkNetwork): Readonly<Record<string, unknown>> {
  const { name, subnets, routes } = network, given = options(network);
  const wanted = routes?.map(({ destination, gateway, metric }) => ({ dst: destination, gw: gateway, priority: metric ?? undefined })) ?? [];
  const { defaultRoute } = readSettings(name, given);
  // podman's routes come besides the default one, those of CNI instead of it
  const families = wanted.length > 0 && defaultRoute ? subnets?.filter(({ gateway }) => gateway).map(({ subnet }) => subnet.includes(':')) : [];
  return {
    ...given, name, type: 'netlink-ts-net',
    ...(subnets?.length ? { ipam: {
      type: 'netlink-ts', ranges: subnets.map((one) => [rangeOf(one)]),
      routes: [...wanted, ...[...new Set(families)].map((six) => ({ dst: six ? '::/0' : '0.0.0.0/0' }))],
    } } : {}),
  };
}

const rangeOf = ({ subnet, gateway, lease_range: lease }: NetavarkSubnet) =>
  ({ subnet, gateway: gateway ?? '', rangeStart: lease?.start_ip ?? undefined, rangeEnd: lease?.end_ip ?? undefined });

/** Podman's `-o KEY=VALUE`, and what else of a network is a setting of ours. */
function options({ options: given, network_interface: link, internal }: NetavarkNetwork): Readonly<Record<string, unknown>> {
  const mode = given?.['mode'] ?? (given?.['parent'] === undefined ? 'bridge' : 'lan');
  const key = mode === 'bridge' || mode === 'lan' ? 'bridge' : mode === 'macvlan' || mode === 'ipvlan' ? 'parent' : undefined;
  return {
    ...(key === undefined || !link ? {} : { [key]: link }), ...(internal ? { masquerade: false, defaultRoute: false } : {}), ...given, mode,
  };
}
