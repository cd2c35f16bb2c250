import { errno } from '../../errno.ts';
import { KernelError } from '../../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, together, type Step } from '../plan/call.ts';
import type { Draft } from '../plan/draft.ts';
import { named } from '../plan/link-name.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { belongingsOf, type Belongings } from './belongings.ts';
import { giveCalls, objectCalls, routeCalls, takeCalls } from './move.ts';
import { acceptDad, save } from './restore.ts';
import { settingSteps, withoutOwnAddress } from './settings.ts';

export interface BridgeOptions {
  /** The link to the LAN: `em1`. */
  readonly uplink: string;
  /** The bridge that is made: `br0`. */
  readonly bridge: string;
}

export interface Bridged {
  readonly uplink: string;
  readonly bridge: string;
  /** The MAC address that both have. */
  readonly mac: string;
  /** The addresses that moved. */
  readonly addresses: readonly string[];
}

/**
 * Puts a bridge between the uplink and the host: the bridge gets the uplink's MAC address, its addresses and its routes,
 * and the uplink becomes its port. Containers that are attached to the bridge are hosts of the LAN then.
 *
 * The bridge has everything before the uplink lets go of it; the switch itself is one datagram to the kernel. Where the
 * uplink is a port of this bridge already, there is nothing to do.
 *
 * Equivalent to `ip link add br0 address MAC type bridge stp_state 0`, `ip link set em1 master br0`, and an `ip address`
 * and `ip route` command for each address and route. Fails with EEXIST where there is another link of the bridge's name,
 * with EBUSY where the uplink is the port of another.
 */
export const bridge = (host: Host, options: BridgeOptions): Plan<Bridged> => makePlan('lan.bridge', async () => {
  const { nl } = host, { uplink: name, bridge: to } = options;
  const uplink = await nl.link.get(name, { stats: false }), there = await present(nl, to);
  const draft = (steps: readonly Step[], { addrs }: Pick<Belongings, 'addrs'>): Draft<Bridged> => ({
    places: { host }, steps, close() {},
    result: () => ({ uplink: name, bridge: to, mac: uplink.address!, addresses: addrs.map(({ address }) => address) }),
  });
  if (there && there.kind === 'bridge' && uplink.master === there.index) return draft([], { addrs: [] });
  const refuse = (number: number, hint: string): KernelError => new KernelError({ operation: 'lan.bridge', errno: number, hint });
  if (there) throw refuse(errno.EEXIST, `${to} is there already`);
  if (uplink.master) throw refuse(errno.EBUSY, `${name} is a port of another link`);
  const all = await belongingsOf(nl, uplink), own = withoutOwnAddress(uplink), mac = uplink.address!;
  const dad = all.addrs.some(({ family }) => family === 'inet6');
  return draft([
    step(call('host', 'link.add', [{ name: to, kind: 'bridge', address: mac, mtu: uplink.mtu, options: { stpState: 0, forwardDelay: 0 } }]),
      [call('host', 'link.remove', [to, mac])], 'with the MAC address of the uplink: neighbours keep what they know'),
    ...(own ? [step(call('host', 'link.change', [to, own]))] : []),
    ...settingSteps(host, name, to),
    ...(dad ? [step(call('host', 'sysctl.set', [acceptDad(to), '0']), [], 'the addresses are in use on this network already, by us')] : []),
    together([call('host', 'link.change', [named(to), { up: true }]), ...giveCalls(all, name, to)]),
    switchOver(all, { from: name, index: uplink.index, to }),
    ...(dad ? [step(call('host', 'addr.waitForDad', [to])), step(call('host', 'sysctl.set', [acceptDad(to), host.settings.get(acceptDad('default')) ?? '1']))] : []),
  ], all);
});

/** The uplink becomes a port, its routes leave by the bridge, and its addresses go. */
function switchOver(all: Belongings, { from, index, to }: { from: string; index: number; to: string }): Step {
  const undo = [
    call('host', 'lan.restore', [save(all, from, index, to)]), // before the bridge loses its carrier
    call('host', 'link.change', [from, { master: 0 }]),
  ];
  return together([
    call('host', 'link.change', [named(from), { master: named(to) }]), ...objectCalls(all, to), ...routeCalls(all, index, to), ...takeCalls(all, from),
  ], undo, 'sent at once: this is the moment of the interruption');
}
