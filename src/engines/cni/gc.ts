import { openHost } from '../../container/host.ts';
import { collect } from '../network/attach.ts';
import type { Asked } from './asked.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';

/** Takes back what belongs to no valid attachment: links, addresses, rules, reservations, a bridge upon an uplink that nobody is left at. */
export async function gc({ config, environment, state }: Asked): Promise<void> {
  if (!config.valid) throw new CniError('invalidConfig', 'GC needs cni.dev/valid-attachments');
  const known = new Set(config.valid.map(({ containerID, ifname }) => `${containerID} ${ifname}`));
  const valid = (container: string, ifname: string): boolean => known.has(`${container} ${ifname}`);
  const gone = await collect(config.name, ({ container, ifname }) => valid(container, ifname), state);
  // an IPAM plugin that knows no GC knows DEL
  if (config.ipam !== undefined) for (const { container, ifname } of gone)
    await ipamOf(config, { ...environment, containerId: container, ifname, netns: '' }, state).release();
  await ipamOf(config, environment, state).collect(valid);
  if (config.settings.mode !== 'lan') return;
  using host = openHost();
  await (await import('../network/uplink.ts')).unbridgeUplink(host, config.settings.bridge, state);
}
