import { openHost } from '../../container/host.ts';
import { collect } from '../network/attach.ts';
import { leaveBridge } from '../network/bridge.ts';
import type { Asked } from './asked.ts';
import { del } from './del.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';

/** Takes back what belongs to no valid attachment: links, addresses, rules, reservations, a bridge that nobody is left at. */
export async function gc({ config, environment, state }: Asked): Promise<void> {
  if (!config.valid) throw new CniError('invalidConfig', 'GC needs cni.dev/valid-attachments');
  const known = new Set(config.valid.map(({ containerID, ifname }) => `${containerID} ${ifname}`));
  const valid = (container: string, ifname: string): boolean => known.has(`${container} ${ifname}`);
  await collect(config.name, ({ container, ifname }) => valid(container, ifname), state, // by DEL: an IPAM plugin may know no GC
    ({ container: containerId, ifname }) => del({ config, state, environment: { ...environment, containerId, ifname, netns: '' } }));
  await ipamOf(config, environment, state).collect(valid);
  await leaveBridge(config.settings, state); // a call that was killed may have had nothing else to do any more
  if (config.settings.mode !== 'lan') return;
  using host = openHost();
  await (await import('../network/uplink.ts')).unbridgeUplink(host, config.settings.bridge, state);
}
