import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { defaultState } from '../network/record.ts';
import { networkDriver, recoverNetworks, type Driver } from './driver.ts';
import { ipamDriver } from './ipam.ts';
import { openState } from './state.ts';

export interface DockerDriverOptions {
  /** What survives restarts; /var/lib/netlink-ts unless given. */
  readonly folder?: string | undefined;
  /** Records that go when the machine is restarted; /run/netlink-ts unless given. */
  readonly state?: string | undefined;
}

/**
 * Docker's network and IPAM driver, as an HTTP server that is to listen on a unix socket:
 *
 *     dockerDriver().listen('/run/docker/plugins/netlink-ts.sock');
 */
export function dockerDriver({ folder = '/var/lib/netlink-ts', state = defaultState }: DockerDriverOptions = {}): Server {
  const known = openState(join(folder, 'docker.json')), ready = recoverNetworks(known, state).catch(() => {}); // or when it is started next
  const drivers: { readonly [kind: string]: Driver } = {
    Plugin: { Activate: () => ({ Implements: ['NetworkDriver', 'IpamDriver'] }) },
    NetworkDriver: networkDriver(known, state),
    IpamDriver: ipamDriver(known, join(folder, 'pools')),
  };
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const [, kind = '', question = ''] = /^\/(\w+)\.(\w+)$/.exec(request.url ?? '') ?? [];
      const ask = Object.hasOwn(drivers, kind) && Object.hasOwn(drivers[kind]!, question) ? drivers[kind]![question] : undefined;
      const answer = (status: number, body: object): void =>
        void response.writeHead(status, { 'content-type': 'application/vnd.docker.plugins.v1.2+json' }).end(JSON.stringify(body));
      if (!ask) return answer(404, { Err: `${request.url} is unknown here` });
      try {
        const text = Buffer.concat(chunks).toString();
        await ready;
        answer(200, await ask(text === '' ? {} : JSON.parse(text)));
      } catch (error) { // docker reads the two kinds' errors each in a word of its own
        answer(200, { [kind === 'IpamDriver' ? 'Error' : 'Err']: (error as Error).message });
      }
    });
  });
}
