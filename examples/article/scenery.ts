import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { netns, openRoute } from 'netlink-ts';
import type { Place } from '../topology/read.ts';

export const gateway = '172.24.133.254', hostAddress = '172.24.133.39', containerAddress = '172.24.133.253';

/** What the article finds, from its container to the LAN. This process is in the namespace of the host. */
export interface Scenery {
  readonly container: Place;
  readonly host: Place;
  /** The switch of the LAN, and the gateway behind it. */
  readonly lan: Place;
  /** Another computer on the LAN. */
  readonly laptop: Place;
  /** The process that is the container. */
  readonly pid: number;
  close(): void;
}

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));

/**
 * Builds what the article finds: a LAN of a gateway and a laptop, a host whose network card em1 is plugged into it, and
 * a container without a network.
 */
export async function build(): Promise<Scenery> {
  const children: ChildProcess[] = [];
  const serve = async (ref: netns.NamespaceRef, name: string): Promise<number> => {
    const child = netns.spawn(ref, process.execPath, [program('serve'), name, '80'], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout!, 'data');
    return child.pid!;
  };
  const names = ['lan', 'laptop'];
  for (const name of names) netns.create(name);
  const place = (title: string, ns: netns.Namespace): Place => ({ title, ns, nl: openRoute({ netns: ns }) });
  const host = place('host', netns.current()), lan = place('lan', netns.open('lan')), laptop = place('laptop', netns.open('laptop'));

  await lan.nl.link.add({ name: 'switch', kind: 'bridge', up: true });
  await lan.nl.addr.add('switch', `${gateway}/24`);
  const plug = async (from: Place, name: string, to: Place, peer: string): Promise<void> => {
    await from.nl.link.add({ name, kind: 'veth', options: { peer: { name: peer, netns: to.ns } } });
    await from.nl.link.change(name, { up: true });
    await to.nl.link.change(peer, { up: true });
  };
  await plug(host, 'em1', lan, 'port1');
  await plug(laptop, 'eth0', lan, 'port2');
  for (const port of ['port1', 'port2']) await lan.nl.link.change(port, { master: 'switch' });
  await laptop.nl.addr.add('eth0', '172.24.133.10/24');
  await host.nl.addr.add('em1', { address: `${hostAddress}/24`, broadcast: 'auto' });
  await host.nl.route.add({ dst: 'default', gateway, dev: 'em1' });

  await serve(lan.ns, 'gateway');
  // The container's namespace has no name: it lives by its process, as docker's do.
  using made = netns.make();
  const pid = await serve(made, 'container');
  const container = place(`container (process ${pid})`, netns.open({ pid }));
  return {
    container, host, lan, laptop, pid,
    close() {
      for (const child of children) child.kill();
      for (const { nl, ns } of [container, host, lan, laptop]) {
        nl.close();
        ns.close();
      }
      for (const name of names) netns.delete(name);
    },
  };
}

/** What a server answers to a process in a namespace; undefined if nothing, within the time. */
export async function ask(from: netns.NamespaceRef, address: string, milliseconds: number): Promise<string | undefined> {
  const child = netns.spawn(from, process.execPath, [program('ask'), `http://${address}/`, String(milliseconds)]);
  let answer = '';
  child.stdout.on('data', (bytes: Buffer) => { answer += bytes.toString(); });
  const [code] = await once(child, 'close');
  return code === 0 ? answer.trim() : undefined;
}
