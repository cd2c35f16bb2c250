import { NetlinkError } from '../../errors.ts';
import * as netns from '../../netns/index.ts';
import { openRoute } from '../../open.ts';
import { attach, begin, collect, connect, disconnect, openContainer, type AttachedLinks } from '../network/attach.ts';
import { leaveBridge } from '../network/bridge.ts';
import { find } from '../network/links.ts';
import { rulesOf } from '../network/nat.ts';
import { aloneWith, nameOf } from '../network/record.ts';
import type { Attachment } from '../network/request.ts';
import { openNetfilter } from '../../netfilter/index.ts';
import type { CniConfig } from './config.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';
import type { CniEnvironment, CniResult } from './types.ts';

export interface Asked {
  readonly config: CniConfig;
  readonly environment: CniEnvironment;
  readonly state: string;
}

const ownerOf = ({ config: { name }, environment: { containerId, ifname } }: Asked) =>
  ({ network: name, container: containerId, ifname });

/** Connects a container; what fails leaves nothing behind, the address given back too. */
export async function add(asked: Asked): Promise<CniResult> {
  const { config, environment, state } = asked, { settings, prevResult } = config;
  if (settings.mode === 'ports') return chained(asked);
  const owner = ownerOf(asked), ipam = ipamOf(config, environment, state);
  return aloneWith(state, owner, async () => {
    try {
      begin(attachmentOf(asked, nothing), state); // written down before anybody gives us an address
    } catch (error) {
      throw translated(error);
    }
    try {
      const found = await ipam.add(), links = await connect(attachmentOf(asked, found), state);
      return merged(prevResult, found, links, environment.netns, config);
    } catch (error) {
      await takeBack(asked).catch(() => {}); // what went wrong first is what is told; the record stays for DEL
      throw translated(error);
    }
  });
}

/** The address last: nobody else is given it while it is still in use. */
async function takeBack(asked: Asked): Promise<void> {
  const { config, environment, state } = asked;
  disconnect(ownerOf(asked), state, environment.netns);
  await leaveBridge(config.settings, state);
  if (config.settings.mode !== 'ports') await ipamOf(config, environment, state).release();
}

const nothing = { ips: [], routes: [] };

function attachmentOf(asked: Asked, { ips, routes }: Pick<CniResult, 'ips' | 'routes'>): Attachment {
  const { config: { settings, mac, ports, bandwidth }, environment: { netns: path } } = asked;
  return {
    owner: ownerOf(asked), settings, netns: path, mac, ports, shaping: bandwidth, routes,
    addresses: ips.map(({ address, gateway }) => ({ address, gateway })),
  };
}

/** Only ports and bandwidth, for the addresses that a plugin before us has given. */
async function chained(asked: Asked): Promise<CniResult> {
  const { config: { prevResult }, state } = asked;
  if (!prevResult) throw new CniError('invalidConfig', 'mode ports needs a prevResult: another plugin comes first');
  try {
    await attach({ ...attachmentOf(asked, prevResult), routes: [] }, state);
  } catch (error) {
    throw translated(error);
  }
  return prevResult;
}

/** What came before us passes through; the places of our interfaces are behind those. */
function merged(before: CniResult | undefined, { ips, routes, dns }: CniResult, links: AttachedLinks, sandbox: string, config: CniConfig): CniResult {
  const interfaces = [...(before?.interfaces ?? []), ...links.host.map((link) => ({ ...link })),
    ...(links.container ? [{ ...links.container, sandbox }] : [])];
  return {
    interfaces,
    ips: [...(before?.ips ?? []), ...ips.map(({ address, gateway }) => ({ address, gateway, interface: interfaces.length - 1 }))],
    routes: [...(before?.routes ?? []), ...(routes.length > 0 || !config.settings.defaultRoute ? routes
      : ips.filter(({ gateway }) => gateway !== undefined).map(({ gateway }) => ({ dst: gateway!.includes(':') ? '::/0' : '0.0.0.0/0', gw: gateway })))],
    dns: { ...before?.dns, ...dns, ...config.dns },
  };
}

/** Errors of namespaces and names in the words of the specification. */
function translated(error: unknown): unknown {
  if (!(error instanceof NetlinkError) || error instanceof CniError) return error;
  switch (error.code) {
    case 'ERR_LINK_EXISTS': return new CniError('invalidEnvironment', `CNI_IFNAME: ${error.message}`);
    case 'ERR_NOT_A_NAMESPACE': return new CniError('invalidNamespace', `CNI_NETNS: ${error.message}`);
    case 'ERR_OWN_NAMESPACE': return new CniError('invalidNamespace', `CNI_NETNS: ${error.message}`);
    case 'ERR_ADDRESS_IN_USE': return new CniError('noAddress', error.message);
    case 'ENOENT': return 'syscall' in error && error.syscall === 'open' ? new CniError('unknownContainer', `CNI_NETNS: ${error.message}`) : error;
    default: return error;
  }
}

/** Disconnects a container: again, too, and when its namespace is long gone. */
export async function del(asked: Asked): Promise<void> {
  try {
    await aloneWith(asked.state, ownerOf(asked), () => takeBack(asked));
  } catch (error) {
    throw translated(error);
  }
}

/** Whether all is as ADD left it. Fails with code 100 where something is not. */
export async function check(asked: Asked): Promise<void> {
  const { config, environment, state } = asked, { prevResult, settings } = config, { ifname } = environment;
  if (!prevResult) throw new CniError('invalidConfig', 'CHECK needs the prevResult of ADD');
  const differs = (text: string): never => {
    throw new CniError('differs', text);
  };
  let ns: netns.Namespace;
  try {
    ns = openContainer(environment.netns);
  } catch (error) {
    throw translated(error);
  }
  using _ns = ns;
  using inside = openRoute({ netns: ns });
  using host = openRoute();
  const link = find(inside, ifname) ?? differs(`the container has no link ${ifname}`);
  if (!link.flags.up) differs(`${ifname} is down`);
  const at = prevResult.interfaces.findIndex((one) => one.name === ifname && one.sandbox !== undefined), told = prevResult.interfaces[at];
  if (told?.mac !== undefined && told.mac !== link.address) differs(`${ifname} has the MAC address ${link.address}, not ${told.mac}`);
  const has = inside.sync.addr.list({ dev: link.index }).map(({ address }) => address);
  for (const { address, interface: index } of prevResult.ips)
    if ((index === undefined || index === at) && !has.includes(address)) differs(`${ifname} lacks the address ${address}`);
  const routes = inside.sync.route.list();
  for (const { dst, gw } of prevResult.routes) {
    const to = /^(0\.0\.0\.0|::)\/0$/.test(dst) ? 'default' : dst;
    if (!routes.some((one) => (one.dst ?? 'default') === to && (gw === undefined || one.gateway === gw))) differs(`the route to ${dst} is gone`);
  }
  const name = nameOf(ownerOf(asked)), paired = ['bridge', 'lan', 'ptp'].includes(settings.mode);
  if (paired && !find(host, name)) differs(`the host's end ${name} is gone`);
  if (config.ports.length > 0) {
    using nft = openNetfilter();
    if (rulesOf(nft, name).length === 0) differs('the rules of the published ports are gone');
  }
  if (settings.mode !== 'ports') await ipamOf(config, environment, state).check();
}

/** Takes back what belongs to no valid attachment: links, addresses, rules, reservations. */
export async function gc({ config, environment, state }: Asked): Promise<void> {
  if (!config.valid) throw new CniError('invalidConfig', 'GC needs cni.dev/valid-attachments');
  const known = new Set(config.valid.map(({ containerID, ifname }) => `${containerID} ${ifname}`));
  const valid = (container: string, ifname: string): boolean => known.has(`${container} ${ifname}`);
  const gone = await collect(config.name, ({ container, ifname }) => valid(container, ifname), state);
  // an IPAM plugin that knows no GC knows DEL
  if (config.ipam !== undefined) for (const { container, ifname } of gone)
    await ipamOf(config, { ...environment, containerId: container, ifname, netns: '' }, state).release();
  await ipamOf(config, environment, state).collect(valid);
}

/** Whether an ADD could succeed now. Fails with code 50 where not. */
export async function status({ config, environment, state }: Asked): Promise<void> {
  const { mode, parent, device, bridge } = config.settings;
  const unready = (why: string): never => {
    throw new CniError('notReady', why);
  };
  using nl = openRoute();
  const needed = mode === 'macvlan' || mode === 'ipvlan' ? parent : mode === 'host-device' ? device
    : mode === 'lan' && !find(nl, bridge) ? parent ?? bridge : undefined;
  if (needed !== undefined && !find(nl, needed)) unready(`there is no link ${needed}`);
  try {
    using nft = openNetfilter();
    nft.sync.table.list();
  } catch (error) {
    unready(`nf_tables: ${(error as Error).message}`);
  }
  if (mode !== 'ports') await ipamOf(config, environment, state).status();
}
