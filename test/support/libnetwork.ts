import { request } from 'node:http';
import { openRoute } from '../../src/index.ts';

/** Posts as docker does; no body at all where there is nothing to say. */
export function post(socketPath: string, question: string, body: unknown): Promise<{ status: number; answer: any }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, agent: false, method: 'POST', path: `/${question}`, headers: { accept: 'application/vnd.docker.plugins.v1.2+json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more)).on('end', () => resolve({ status: response.statusCode!, answer: JSON.parse(text) }));
    });
    asked.on('error', reject).end(body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** What docker does with the link that Join names: it goes into the container and gets its name and addresses there. */
export async function moveIn(name: string, link: string, addresses: readonly string[]): Promise<void> {
  using nl = openRoute();
  await nl.link.change(link, { netns: name, name: 'eth0' });
  using inside = openRoute({ netns: name });
  for (const address of addresses) await inside.addr.add('eth0', { address, flags: address.includes(':') ? { nodad: true } : {} });
  await inside.link.up('eth0');
}
