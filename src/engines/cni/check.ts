import { openNetfilter } from '../../netfilter/index.ts';
import * as netns from '../../netns/index.ts';
import { openRoute, type RouteClient } from '../../open.ts';
import { openContainer, otherEnd } from '../network/attach.ts';
import { find } from '../network/links.ts';
import { rulesOf } from '../network/nat.ts';
import { nameOf, recorded } from '../network/record.ts';
import { ownerOf, translated, type Asked } from './asked.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';

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
    const to = /^(0\.0\.0\.0|::)\/0$/.test(dst) ? 'default' : dst, family = dst.includes(':') ? 'inet6' : 'inet';
    if (!routes.some((one) => (one.dst ?? 'default') === to && one.family === family && (gw === undefined || one.gateway === gw))) differs(`the route to ${dst} is gone`);
  }
  const name = nameOf(ownerOf(asked)), paired = ['bridge', 'lan', 'ptp'].includes(settings.mode);
  if (paired && !find(host, name)) differs(`the host's end ${name} is gone`);
  const rules = recorded(state, ownerOf(asked))?.rules ?? 0;
  if (rules > 0) {
    using nft = openNetfilter();
    const there = rulesOf(nft, name).length;
    if (there < rules) differs(`of ${rules} rules for the container's addresses and published ports ${there} are there`);
  }
  const limits = (nl: RouteClient, dev: string): void => {
    if (!nl.sync.qdisc.list({ dev }).some(({ kind }) => kind === 'tbf')) differs(`the bandwidth of ${dev} is not limited`);
  };
  if (config.bandwidth?.egressRate) limits(inside, ifname);
  if (config.bandwidth?.ingressRate) limits(host, settings.mode === 'ports' ? otherEnd(host, inside, ifname) : name);
  if (settings.mode !== 'ports') await ipamOf(config, environment, state).check();
}
