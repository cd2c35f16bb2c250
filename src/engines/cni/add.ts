import { attach, begin, connect, type AttachedLinks } from '../network/attach.ts';
import { wantedRoutes } from '../network/configure.ts';
import { aloneWith, forget } from '../network/record.ts';
import type { Attachment } from '../network/request.ts';
import { ownerOf, translated, type Asked } from './asked.ts';
import type { CniConfig } from './config.ts';
import { takeBack } from './del.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';
import type { CniResult } from './types.ts';

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
    let found: CniResult | undefined;
    try {
      found = await ipam.add();
      const links = await connect(attachmentOf(asked, found), state);
      return merged(prevResult, found, links, environment.netns, config);
    } catch (error) { // what went wrong first is what is told; what could not be taken back stays written down for DEL
      await takeBack(asked).catch(() => {
        if (found === undefined) forget(state, owner);
      });
      throw translated(error);
    }
  });
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
    routes: [...(before?.routes ?? []), ...wantedRoutes({ routes, addresses: ips, settings: config.settings })],
    dns: { ...before?.dns, ...dns, ...config.dns },
  };
}
