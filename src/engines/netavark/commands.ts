import { ask, type Asking } from '../cni/ask.ts';
import { records } from '../network/record.ts';
import type { Port } from '../network/request.ts';
import { configOf } from './network.ts';
import type { NetavarkContainer, NetavarkPort, NetavarkStatus } from './types.ts';

/** Connects a container. */
export async function setup(netns: string, call: NetavarkContainer, state: string): Promise<NetavarkStatus> {
  const { interface_name: ifname, static_ips: ips, static_mac: mac } = call.network_options, asking = askingOf(netns, call);
  const { interfaces, ips: given } = await ask('ADD', { ...asking, config: { ...asking.config, runtimeConfig: {
    ...(ips?.length ? { ips } : {}), ...(mac ? { mac } : {}), portMappings: unpublished(call, state),
  } } }, state);
  return {
    dns_search_domains: [], dns_server_ips: [],
    interfaces: { [ifname]: {
      mac_address: interfaces.find((one) => one.sandbox !== undefined)?.mac ?? '',
      subnets: given.map(({ address, gateway }) => ({ ipnet: address, gateway })),
    } },
  };
}

/** Disconnects a container: again, too, and when its namespace is gone. */
export async function teardown(netns: string, call: NetavarkContainer, state: string): Promise<void> {
  await ask('DEL', askingOf(netns, call), state);
}

const askingOf = (netns: string, { container_id: container, network, network_options: { interface_name: ifname } }: NetavarkContainer): Asking =>
  ({ container, netns, ifname, config: configOf(network) });

/** A container in several networks is to have its ports published once, and each network is told of all of them. */
function unpublished({ container_id: container, network, port_mappings: ports }: NetavarkContainer, state: string): Port[] {
  const all = ports?.flatMap(portsOf) ?? [];
  const others = all.length === 0 ? [] : records(state).filter(({ owner }) => owner.container === container && owner.network !== network.name);
  const published = new Set(others.flatMap((other) => other.ports.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`)));
  return all.filter(({ hostPort, protocol }) => !published.has(`${hostPort}/${protocol}`));
}

const portsOf = ({ container_port, host_port, host_ip, protocol, range }: NetavarkPort): Port[] =>
  (protocol || 'tcp').split(',').flatMap((one) => Array.from({ length: range || 1 }, (_, i): Port => ({
    hostPort: host_port + i, containerPort: container_port + i, protocol: one as Port['protocol'], ...(host_ip ? { hostIP: host_ip } : {}),
  })));
