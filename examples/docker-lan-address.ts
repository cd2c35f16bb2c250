/**
 * Gives a container an address of its own on the host's LAN, and takes it away again: what pipework does, in one command.
 * The container is named as docker or podman knows it, or by the number of its process.
 *
 *     sudo npx tsx examples/docker-lan-address.ts CONTAINER --bridge br0 --address 172.24.133.253/24 \
 *       --gateway 172.24.133.254 [--uplink em1] [--name eth1] [--mac MAC] [--vlan ID] [--accept] [--socket PATH] [--dry-run]
 *     sudo npx tsx examples/docker-lan-address.ts CONTAINER --undo [--name eth1] [--socket PATH] [--dry-run]
 *
 * With --uplink the bridge is made first, if it is not there: the uplink becomes its port, and the uplink's addresses
 * and routes move to it. Where docker's own rules would drop what goes over the bridge, it says so and does nothing;
 * --accept adds the rule that is missing to DOCKER-USER, and --undo takes it away. --dry-run prints the commands that would do the same, and does nothing.
 */
import { parseArgs } from 'node:util';
import { lan, openHost, type ContainerRef, type Plan } from 'netlink-ts/container';

const text = { type: 'string' } as const, yes = { type: 'boolean', default: false } as const;
const { positionals: [who], values: given } = parseArgs({
  allowPositionals: true,
  options: { bridge: text, address: text, gateway: text, uplink: text, name: { ...text, default: 'eth1' }, mac: text, vlan: text, socket: text, 'dry-run': yes, undo: yes, accept: yes },
});
const { bridge, address, gateway, uplink, name, mac, vlan, socket, undo, accept, 'dry-run': dry } = given;

if (who === undefined || (!undo && (bridge === undefined || address === undefined))) {
  console.error('usage: docker-lan-address.ts CONTAINER --bridge BRIDGE --address ADDRESS/LENGTH [--gateway ADDRESS] [--dry-run]\n' +
    '       docker-lan-address.ts CONTAINER --undo [--dry-run]');
  process.exit(2);
}
const container: ContainerRef = /^\d+$/.test(who) ? { pid: Number(who) } : { docker: who, socket };
using host = openHost();
try {
  if (undo) {
    await carryOut(lan.detach(host, { container, name }));
    if (!dry) console.log(`${who} has no ${name} any more`);
  } else {
    const there = (await host.nl.link.list({ kind: 'bridge' })).some((link) => link.name === bridge);
    if (uplink !== undefined && !there) await carryOut(lan.bridge(host, { uplink, bridge: bridge! }));
    await carryOut(lan.attach(host, {
      container, bridge, address: address!, gateway, name, mac, vlan: vlan === undefined ? undefined : Number(vlan), whenDropped: accept ? 'accept' : undefined,
    }));
    if (!dry) console.log(`${who} has ${address} as ${name} on ${bridge}`);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Applies a plan, or tells it. */
async function carryOut(plan: Plan<unknown>): Promise<void> {
  if (!dry) return void await plan.apply();
  for (const { where, command, note } of await plan.plan())
    console.log(`${where === 'host' ? '' : 'container '}# ${command}${note === undefined ? '' : `   # ${note}`}`);
}
