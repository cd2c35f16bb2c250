import { NetlinkError } from '../../errors.ts';
import { openRoute } from '../../open.ts';
import { ensureBridge, forward } from '../network/bridge.ts';
import { needLink, removeLink, vethPair } from '../network/links.ts';
import { letThroughNoMore, translate, untranslate } from '../network/nat.ts';
import { forget, nameOf, record } from '../network/record.ts';
import type { Address, Owner, Port } from '../network/request.ts';
import { readSettings } from '../network/settings.ts';
import type { Endpoint, Network, State } from './state.ts';

/** A body of docker's as it comes. */
export type Body = Readonly<Record<string, any>>;

/** Docker's questions to a driver, by name: each answers, or throws what docker shows its user. */
export type Driver = { readonly [question: string]: (body: Body) => object };

const protocols: { readonly [number: number]: Port['protocol'] } = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

/** The endpoint's attachment, as the records of all engines name it. */
const ownerOf = (body: Body): Owner => ({ network: body['NetworkID'], container: body['EndpointID'], ifname: 'eth' });

/** The network driver over what `state` remembers. `records` is the folder that all engines share. */
export function networkDriver(state: State, records: string): Driver {
  const clear = (body: Body): void => {
    const owner = ownerOf(body), name = nameOf(owner);
    using host = openRoute();
    removeLink(host, name);
    removeLink(host, `${name}p`);
    untranslate(name);
    forget(records, owner);
  };
  return {
    GetCapabilities: () => ({ Scope: 'local', ConnectivityScope: 'local' }),
    CreateNetwork(body) {
      const id = body['NetworkID'] as string, options = body['Options']?.['com.docker.network.generic'] ?? {};
      const settings = readSettings(id, { mode: options.parent === undefined ? 'bridge' : 'lan', ...options });
      if (settings.mode === 'host-device' || settings.mode === 'ptp' || settings.mode === 'ports')
        throw new NetlinkError('ERR_ARGUMENT', `mode ${settings.mode} is not for docker, which moves links itself`);
      const data = [...body['IPv4Data'] ?? [], ...body['IPv6Data'] ?? []] as Body[];
      const made: Network = { settings, gateways: data.flatMap((one): string[] => (one['Gateway'] ? [one['Gateway']] : [])), endpoints: {} };
      using host = openRoute();
      if (settings.parent !== undefined) needLink(host, 'parent', settings.parent);
      ensure(made);
      state.change((all) => void (all.networks[id] = made));
      return {};
    },
    DeleteNetwork(body) {
      const id = body['NetworkID'] as string, known = state.all().networks[id];
      if (!known) return {};
      for (const endpoint of Object.keys(known.endpoints)) clear({ NetworkID: id, EndpointID: endpoint });
      const { mode, bridge } = known.settings;
      if (mode === 'bridge' || mode === 'lan') letThroughNoMore(bridge);
      using host = openRoute();
      if (mode === 'bridge') removeLink(host, bridge);
      state.change((all) => void delete all.networks[id]);
      return {};
    },
    CreateEndpoint(body) {
      const known = state.network(body['NetworkID']), endpoint = body['EndpointID'] as string, given = body['Interface'] ?? {};
      if (known.endpoints[endpoint]) throw new NetlinkError('EEXIST', `endpoint ${endpoint} exists`);
      const addresses = [given.Address, given.AddressIPv6].filter((one): one is string => typeof one === 'string' && one !== '');
      const made: Endpoint = { addresses, mac: given.MacAddress || undefined, ports: portsOf(body['Options']?.['com.docker.network.portmap']) };
      state.change((all) => void (all.networks[body['NetworkID']]!.endpoints[endpoint] = made));
      return {};
    },
    DeleteEndpoint(body) {
      clear(body);
      state.change((all) => void delete all.networks[body['NetworkID']]?.endpoints[body['EndpointID']]);
      return {};
    },
    EndpointOperInfo: () => ({ Value: {} }),
    Join(body) {
      const known = state.network(body['NetworkID']), { settings } = known, endpoint = endpointOf(known, body);
      const name = nameOf(ownerOf(body)), source = `${name}p`, own = settings.mtu === undefined ? {} : { mtu: settings.mtu };
      ensure(known);
      using host = openRoute();
      removeLink(host, source); // of a driver that was killed between this and its answer
      if (settings.mode === 'macvlan') host.sync.link.add({ name: source, kind: 'macvlan', link: settings.parent!, ...own, options: { mode: settings.macvlanMode } });
      else if (settings.mode === 'ipvlan') host.sync.link.add({ name: source, kind: 'ipvlan', link: settings.parent!, ...own, options: { mode: settings.ipvlanMode } });
      else {
        vethPair(host, name, { name: source, ...own, ...(endpoint.mac === undefined ? {} : { address: endpoint.mac }) }, { ...own, master: settings.bridge });
        if (settings.hairpin) host.sync.link.change(name, { portKind: 'bridge', port: { hairpin: true } });
      }
      const gateway = (six: boolean): string => known.gateways.find((one) => one.includes(':') === six)?.replace(/\/.*/, '') ?? '';
      return { InterfaceName: { SrcName: source, DstPrefix: 'eth' }, Gateway: gateway(false), ...(gateway(true) === '' ? {} : { GatewayIPv6: gateway(true) }) };
    },
    Leave(body) {
      clear(body);
      return {};
    },
    ProgramExternalConnectivity(body) {
      const known = state.network(body['NetworkID']), { settings } = known, endpoint = endpointOf(known, body), { ports } = endpoint;
      const owner = ownerOf(body), name = nameOf(owner), addresses = endpoint.addresses.map((address) => ({ address }));
      record(records, { owner, settings, netns: undefined, ports });
      if (settings.masquerade || ports.length > 0) forward(addresses);
      untranslate(name);
      translate({ name, addresses, ports, link: settings.bridge, masquerade: settings.masquerade });
      return {};
    },
    RevokeExternalConnectivity(body) {
      untranslate(nameOf(ownerOf(body)));
      forget(records, ownerOf(body));
      return {};
    },
    DiscoverNew: () => ({}),
    DiscoverDelete: () => ({}),
  };
}

/** The bridge is there, as after a restart of the machine it is not. */
function ensure({ settings, gateways }: Network): void {
  if (settings.mode !== 'bridge' && settings.mode !== 'lan') return;
  using host = openRoute();
  ensureBridge(host, settings, gateways.map((one): Address => ({ address: one, gateway: one.replace(/\/.*/, '') })));
}

function endpointOf({ endpoints }: Network, body: Body): Endpoint {
  const found = endpoints[body['EndpointID']];
  if (!found) throw new NetlinkError('ENOENT', `there is no endpoint ${body['EndpointID']}`);
  return found;
}

function portsOf(given: unknown): Port[] {
  return (Array.isArray(given) ? given as Body[] : []).map(({ Proto, Port: containerPort, HostIP, HostPort }) => {
    const protocol = protocols[Proto];
    if (protocol === undefined) throw new NetlinkError('ERR_ARGUMENT', `protocol ${Proto} cannot be published`);
    if (!HostPort) throw new NetlinkError('ERR_ARGUMENT', `name the host's port for ${containerPort}: -p HOST:${containerPort}`);
    return { protocol, containerPort, hostPort: HostPort, ...(HostIP ? { hostIP: HostIP } : {}) };
  });
}
