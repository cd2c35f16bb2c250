import { ArgumentError } from '../../errors.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { call, step, together, type Step } from '../plan/call.ts';
import { named } from '../plan/link-name.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { belongingsOf } from './belongings.ts';
import type { Bridged } from './bridge.ts';
import { giveCalls, objectCalls, routeCalls, takeCalls } from './move.ts';
import { acceptDad, save } from './restore.ts';
import { settingSteps, withoutOwnAddress } from './settings.ts';

export interface UnbridgeOptions {
  readonly bridge: string;
  /** The port that gets the addresses back; needed only where the bridge has several. */
  readonly uplink?: string | undefined;
}

/**
 * The way back from `lan.bridge`: the uplink gets the addresses and routes that the bridge has, leaves it, and the
 * bridge is deleted.
 *
 * Equivalent to `ip link set em1 nomaster`, `ip link delete br0`, and an `ip address` and `ip route` command for each
 * address and route. Fails with ERR_IN_USE where the bridge has other ports: those would lose the LAN.
 */
export const unbridge = (host: Host, options: UnbridgeOptions): Plan<Bridged> => makePlan('lan.unbridge', async () => {
  const { nl, settings } = host, from = options.bridge;
  const link = await nl.link.get(from, { stats: false });
  if (link.kind !== 'bridge') throw new ArgumentError(`lan.unbridge: ${from} is no bridge`);
  const ports = await nl.link.list({ master: link.index, stats: false });
  const uplink = options.uplink === undefined ? ports[0] : ports.find(({ name }) => name === options.uplink);
  if (!uplink) throw new ArgumentError(`lan.unbridge: ${from} has no port${options.uplink === undefined ? '' : ` ${options.uplink}`}`);
  const others = ports.filter((port) => port !== uplink).map(({ name }) => name);
  if (others.length > 0) throw new ContainerError('ERR_IN_USE', `lan.unbridge: ${from} has other ports: ${others.join(', ')}`);
  const { name: to } = uplink, all = await belongingsOf(nl, link), mac = link.address!;
  const dad = all.addrs.some(({ family }) => family === 'inet6') ? settings.get(acceptDad(to)) : undefined;
  const setDad = (value: string): Step => step(call('host', 'sysctl.set', [acceptDad(to), value]), [call('host', 'sysctl.set', [acceptDad(to), dad!])]);
  const gone = all.addrs.toReversed().map(({ address, peer }) => call('host', 'addr.delete', [to, { address, peer }], ['EADDRNOTAVAIL']));
  const own = withoutOwnAddress(link), { options: bridgeOptions } = link;
  return {
    places: { host }, close() {},
    steps: [
      ...(dad !== undefined ? [setDad('0')] : []),
      together(giveCalls(all, from, to), gone),
      together([
        ...objectCalls(all, to), call('host', 'link.change', [named(to), { master: 0 }]), ...routeCalls(all, link.index, to), ...takeCalls(all, from),
      ], [
        call('host', 'link.change', [to, { master: named(from) }]), // with it comes the bridge's carrier
        call('host', 'lan.restore', [save(all, from, link.index, to)]),
      ], 'sent at once: this is the moment of the interruption'),
      ...(dad !== undefined ? [step(call('host', 'addr.waitForDad', [to])), setDad(dad)] : []),
      step(call('host', 'link.delete', [from]), [
        call('host', 'link.add', [{ name: from, kind: 'bridge', address: mac, mtu: link.mtu, options: bridgeOptions }], ['EEXIST']),
        ...(own ? [call('host', 'link.change', [from, own])] : []),
        ...settingSteps(host, from, from).flatMap(({ calls }) => calls),
        call('host', 'link.change', [from, { up: true }]),
      ]),
    ],
    result: () => ({ uplink: to, bridge: from, mac, addresses: all.addrs.map(({ address }) => address) }),
  };
});
