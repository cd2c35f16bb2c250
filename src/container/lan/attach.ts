import { errno } from '../../errno.ts';
import { ArgumentError, KernelError } from '../../errors.ts';
import { ContainerError } from '../errors.ts';
import { acceptSteps, bridged, shownToIp } from '../forward/accept.ts';
import { probeStep } from '../forward/probe.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { hostNameFor, openTarget, reopenTarget, type Target } from '../target/target.ts';
import { wantedOf, type AttachOptions, type Wanted } from './attach-options.ts';
import { linkSteps } from './link-steps.ts';

/** A container on the LAN. */
export interface Attached {
  /** The container's interface and its MAC address. */
  readonly name: string;
  readonly mac: string;
  /** The other end of a veth pair. */
  readonly hostLink?: string | undefined;
  readonly addresses: readonly string[];
  /** The gateways, with the MAC addresses by which they answered. */
  readonly gateways: readonly { readonly address: string; readonly mac?: string | undefined }[];
}

/**
 * Gives a container an address of its own on the LAN: an interface made in its namespace, under its final name and in one
 * message; the address, once nobody else has it; the default route. The gateway is asked from inside in the end, and the
 * LAN is told.
 *
 * As `pipework br0 CONTAINER 192.0.2.7/24@192.0.2.254`. Fails with ERR_ADDRESS_IN_USE before anything was changed, with
 * ERR_FORWARD_DROPPED where rules of somebody else drop what goes from port to port of the bridge, with EEXIST where the
 * container has an interface of that name, with EOPNOTSUPP where the kernel lacks the kind, with
 * ERR_UNREACHABLE where the gateway does not answer; nothing is left of it then.
 */
export const attach = (host: Host, options: AttachOptions): Plan<Attached> => makePlan('lan.attach', async () => {
  const wanted = wantedOf(options), target = await openTarget(options.container, host);
  try {
    const { place } = target, { bridge } = options, { name, kind, addresses, gateways } = wanted;
    if (await present(place.nl, name)) throw new KernelError({ operation: 'lan.attach', errno: errno.EEXIST, hint: `the container has an interface ${name}` });
    const own = (await host.nl.addr.list()).map(({ address: of }) => of.replace(/\/.*/, ''));
    refuseOwn(own, wanted);
    const hostLink = kind === 'veth' ? options.hostLink ?? hostNameFor(target, name) : undefined;
    const { steps: made, mac, probed } = await linkSteps(host, options, wanted, hostLink);
    const families = new Set(addresses.map(({ family }) => family));
    const shown = shownToIp(host).filter((family) => families.has(family === 'ip' ? 'inet' : 'inet6'));
    const steps = [
      ...(probed === undefined ? [] : probeSteps('host', probed, wanted)),
      ...(bridge === undefined ? [] : await acceptSteps(host, bridged(bridge, shown), options.whenDropped)),
      ...made,
      step(call('container', 'link.change', [name, { up: true }])),
      ...(kind === 'macvlan' || probed === undefined ? probeSteps('container', name, wanted) : []),
      ...addresses.map(({ text, family }) => step(call('container', 'addr.add', [name, family === 'inet' ? { address: text, broadcast: 'auto' } : text]))),
      ...(addresses.some(({ family }) => family === 'inet6') ? [step(call('container', 'addr.waitForDad', [name]))] : []),
      ...(await routeSteps(target, wanted)),
      ...addresses.map(({ ip }) => step(call('container', 'lan.announce', [name, ip]))),
    ];
    const reaching = options.reach === false ? [] : gateways;
    // an answer to ARP does not say that a packet gets through; to the host itself none goes from port to port
    const tried = bridge === undefined || options.whenDropped === 'ignore' ? [] : reaching.filter(({ ip }) => !own.includes(ip))
      .map(({ ip, from }) => probeStep({ dev: name, from, gateway: ip, to: ip, bridge, way: 'bridged' }));
    return {
      places: { host, container: place },
      steps: [
        ...steps, ...reaching.map(({ ip, from }) => step(call('container', 'lan.reach', [name, from, ip]))),
        ...tried,
      ],
      result: (values) => ({
        name, mac, hostLink, addresses: addresses.map(({ text }) => text),
        gateways: gateways.map(({ ip }, i) => ({ address: ip, mac: values[steps.length + i]?.[0] as string | undefined })),
      }),
      verify: () => target.verify(),
      reopen: () => reopenTarget(options.container, place, host),
      close: () => target.close(),
    };
  } catch (error) {
    target.close();
    throw error;
  }
});

/** Nobody answers his own questions: what the host itself has is looked up. */
function refuseOwn(own: readonly string[], { addresses }: Wanted): void {
  const taken = addresses.find(({ ip }) => own.includes(ip));
  if (taken) throw new ContainerError('ERR_ADDRESS_IN_USE', `lan.attach: ${taken.ip} is an address of the host itself`);
}

const probeSteps = (where: 'host' | 'container', dev: string, { addresses, probing }: Wanted): Step[] =>
  (probing === undefined ? [] : addresses.filter(({ family }) => family === 'inet').map(({ ip }) => step(call(where, 'arp.probe', [dev, ip, probing]))));

/** A default route that is there already gives way. */
async function routeSteps({ place }: Target, { gateways, name }: Wanted): Promise<Step[]> {
  if (new Set(gateways.map(({ family }) => family)).size < gateways.length) throw new ArgumentError('lan.attach: one gateway for each family');
  const routes = (await place.nl.route.list({ table: 'main', dst: 'default' })).filter(({ protocol }) => protocol !== 'kernel');
  return gateways.map(({ ip, family, onlink }) => {
    const route = { dst: 'default', family, gateway: ip, dev: name, ...(onlink && { flags: { onlink } }) };
    const before = routes.find((other) => other.family === family && (other.priority ?? 0) === (family === 'inet6' ? 1024 : 0));
    return before ? step(call('container', 'route.replace', [route]), [call('container', 'route.replace', [before])]) : step(call('container', 'route.add', [route]));
  });
}
