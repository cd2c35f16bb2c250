import { netns, openRoute, type RouteClient } from '../../src/index.ts';
import type { LinkInput } from '../../src/route/link/message.ts';

/** The host's own address, and that of the gateway, which is all there is on the LAN. */
export const hostAddress = '172.24.133.100', gatewayAddress = '172.24.133.254';

/** The namespace of the test is the host: its uplink em1 leads to a LAN, in the namespace that is given, and has the host's address. */
export async function makeUplink(): Promise<netns.Namespace> {
  using nl = openRoute();
  const lan = await cable(nl, {});
  await nl.addr.add('em1', `${hostAddress}/24`);
  return lan;
}

/** em1, its other end, and the gateway there. */
async function cable(nl: RouteClient, em1: Pick<LinkInput, 'master'>): Promise<netns.Namespace> {
  const lan = netns.make();
  using there = openRoute({ netns: lan });
  await nl.link.change('lo', { up: true });
  await nl.link.add({ name: 'em1', kind: 'veth', up: true, ...em1, options: { peer: { name: 'lan0', netns: lan } } });
  for (const name of ['lo', 'lan0']) await there.link.change(name, { up: true });
  await there.addr.add('lan0', `${gatewayAddress}/24`);
  return lan;
}

/** The same with em1 as a port of br0, which has the address. */
export interface Lan {
  readonly nl: RouteClient;
  readonly lan: netns.Namespace;
  /** What somebody on the LAN gets, or in another namespace. */
  page(url: string, from?: netns.Namespace): string;
  close(): void;
}

export async function makeLan(): Promise<Lan> {
  const nl = openRoute();
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true, address: '02:00:00:00:00:64', options: { stpState: 0 } });
  const lan = await cable(nl, { master: 'br0' });
  await nl.addr.add('br0', `${hostAddress}/24`);
  return {
    nl, lan,
    page: (url, from = lan) => pageFrom(from, url),
    close: () => {
      lan.close();
      nl.close();
    },
  };
}

/** What somebody in a namespace gets for an address like `http://172.24.133.253/`. */
export function pageFrom(from: netns.Namespace, url: string): string {
  const { stdout, stderr } = netns.spawnSync(from, process.execPath, ['--input-type=module', '-e', ask, url]);
  return `${stdout}${stderr}`;
}

/** A server in a container takes a moment until it listens, a bridge until it forwards. */
const ask = `
const get = () => fetch(process.argv[1], { signal: AbortSignal.timeout(10_000) }).then((answer) => answer.text());
const late = Date.now() + 20_000;
for (;;) try { console.log(await get()); break; } catch (error) {
  if (Date.now() > late) { console.log('no answer: ' + (error.cause?.code ?? error.message)); break; }
  await new Promise((done) => setTimeout(done, 100));
}`;
