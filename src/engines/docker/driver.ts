import { NetlinkError } from '../../errors.ts';
import { openHost, type Host } from '../../container/host.ts';
import { openRoute } from '../../open.ts';
import { ensureBridge, forward } from '../network/bridge.ts';
import { letThroughNoMore } from '../network/forwarded.ts';
import { checkFree, tellAll } from '../network/lan.ts';
import { makeLink, needLink, removeLink } from '../network/links.ts';
import { translate, untranslate } from '../network/nat.ts';
import { bridgeLock, forget, nameOf, record, records } from '../network/record.ts';
import type { Address, Owner, Port } from '../network/request.ts';
import { readSettings, type Settings } from '../network/settings.ts';
import { unbridgeUplink } from '../network/uplink.ts';
import { sweep } from '../pool/lock.ts';
import type { Endpoint, Network, State } from './state.ts';

/** A body of docker's as it comes. */
export type Body = Readonly<Record<string, any>>;

/** Docker's questions to a driver, by name: each answers, or throws what docker shows its user. */
export type Driver = { readonly [question: string]: (body: Body) => object | Promise<object> };

const protocols: { readonly [number: number]: Port['protocol'] } = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

/** The endpoint's attachment, as the records of all engines name it. */
const ownerOf = (body: Body): Owner => ({ network: body['NetworkID'], container: body['EndpointID'], ifname: 'eth' });

/** The network driver over what `state` remembers. `folder` has the records that all engines share. */
export function networkDriver(state: State, folder: string): Driver {
  const clear = (body: Body): void => clearEndpoint(ownerOf(body), folder);
  return {
    GetCapabilities: () => ({ Scope: 'local', ConnectivityScope: 'local' }),
    async CreateNetwork(body) {
      const id = body['NetworkID'] as string, options = body['Options']?.['com.docker.network.generic'] ?? {};
      const settings = readSettings(id, { mode: options.parent === undefined ? 'bridge' : 'lan', ...options });
      if (settings.mode === 'host-device' || settings.mode === 'ptp' || settings.mode === 'ports')
        throw new NetlinkError('ERR_ARGUMENT', `mode ${settings.mode} is not for docker, which moves links itself`);
      const data = [...body['IPv4Data'] ?? [], ...body['IPv6Data'] ?? []] as Body[];
      const made: Network = { settings, gateways: data.flatMap((one): string[] => (one['Gateway'] ? [one['Gateway']] : [])), endpoints: {} };
      using host = openHost();
      if (settings.parent !== undefined) needLink(host.nl, 'parent', settings.parent);
      state.change((all) => void (all.networks[id] = { ...made, begun: true }));
      try {
        await ensure(host, made, folder);
      } catch (error) {
        await endNetwork(id, state, folder).catch(() => {}); // what went wrong first is what is told
        throw error;
      }
      state.change((all) => void (all.networks[id] = made));
      return {};
    },
    async DeleteNetwork(body) {
      await endNetwork(body['NetworkID'], state, folder);
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
    async Join(body) {
      const known = state.network(body['NetworkID']), { settings } = known, endpoint = endpointOf(known, body);
      const name = nameOf(ownerOf(body)), source = `${name}p`, lan = settings.mode === 'lan' ? settings.bridge : settings.parent;
      using host = openHost();
      await ensure(host, known, folder);
      if (settings.probe && lan !== undefined && settings.vlan === undefined)
        await checkFree(host, host, lan, endpoint.addresses.map((address) => ({ address })));
      removeLink(host.nl, source); // of a driver that was killed between this and its answer
      makeLink(host.nl, name, { name: source, mac: endpoint.mac }, settings);
      state.change((all) => void (all.networks[body['NetworkID']]!.endpoints[body['EndpointID']] = { ...endpoint, sandbox: body['SandboxKey'] }));
      const gateway = (six: boolean): string => known.gateways.find((one) => one.includes(':') === six)?.replace(/\/.*/, '') ?? '';
      return { InterfaceName: { SrcName: source, DstPrefix: 'eth' }, Gateway: gateway(false), ...(gateway(true) === '' ? {} : { GatewayIPv6: gateway(true) }) };
    },
    Leave(body) {
      clear(body);
      return {};
    },
    async ProgramExternalConnectivity(body) {
      const known = state.network(body['NetworkID']), { settings } = known, endpoint = endpointOf(known, body), { ports } = endpoint;
      const owner = ownerOf(body), name = nameOf(owner), addresses = endpoint.addresses.map((address) => ({ address }));
      record(folder, { owner, settings, netns: undefined, ports, whole: true });
      if (settings.masquerade || ports.length > 0) forward(addresses);
      untranslate(name, folder);
      using host = openHost();
      translate(host.nft, folder, { name, addresses, ports, link: settings.bridge, masquerade: settings.masquerade });
      if (settings.probe && endpoint.sandbox !== undefined) await announceFrom(endpoint.sandbox, addresses);
      return {};
    },
    RevokeExternalConnectivity(body) {
      untranslate(nameOf(ownerOf(body)), folder);
      forget(folder, ownerOf(body));
      return {};
    },
    DiscoverNew: () => ({}),
    DiscoverDelete: () => ({}),
  };
}

function clearEndpoint(owner: Owner, folder: string): void {
  const name = nameOf(owner);
  using host = openRoute();
  removeLink(host, name);
  removeLink(host, `${name}p`);
  untranslate(name, folder);
  forget(folder, owner);
}

/** Takes back networks of which docker knows nothing, as the driver was killed before it could answer. */
export async function recoverNetworks(state: State, folder: string): Promise<void> {
  for (const [id, { begun }] of Object.entries(state.all().networks)) if (begun) await endNetwork(id, state, folder);
}

/** Takes a network away with all that it has. */
async function endNetwork(id: string, state: State, folder: string): Promise<void> {
  const known = state.all().networks[id];
  if (!known) return;
  for (const endpoint of Object.keys(known.endpoints)) clearEndpoint(ownerOf({ NetworkID: id, EndpointID: endpoint }), folder);
  await leave(known, Object.entries(state.all().networks).filter(([other]) => other !== id).map(([, network]) => network), folder);
  state.change((all) => void delete all.networks[id]);
}

/** Takes the bridge of a network away, unless others use it. */
async function leave({ settings: { mode, bridge } }: Network, others: readonly Network[], folder: string): Promise<void> {
  const uses = (other: Settings): boolean => ['bridge', 'lan'].includes(other.mode) && other.bridge === bridge;
  if ((mode !== 'bridge' && mode !== 'lan') || [...others, ...records(folder)].some(({ settings }) => uses(settings))) return;
  using host = openHost();
  await letThroughNoMore(host, bridge);
  if (mode === 'lan') return void await unbridgeUplink(host, bridge, folder);
  removeLink(host.nl, bridge);
  await sweep(bridgeLock(folder, bridge));
}

/** The bridge is there, as after a restart of the machine it is not. */
async function ensure(host: Host, { settings, gateways }: Network, folder: string): Promise<void> {
  if (settings.mode !== 'bridge' && settings.mode !== 'lan') return;
  await ensureBridge(host, settings, gateways.map((one): Address => ({ address: one, gateway: one.replace(/\/.*/, '') })), folder);
}

/** By now docker has given the container its addresses. Where we may not look into it, the LAN finds out by itself. */
async function announceFrom(sandbox: string, addresses: readonly Address[]): Promise<void> {
  try {
    using inside = openHost({ netns: sandbox });
    const index = inside.nl.sync.addr.list().find(({ address }) => addresses.some((own) => own.address === address))?.index;
    if (index !== undefined) await tellAll(inside, inside.nl.sync.link.get(index, { stats: false }).name, addresses);
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'ERR_NOT_A_NAMESPACE'].includes((error as NetlinkError).code)) throw error;
  }
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
