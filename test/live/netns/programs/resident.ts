/** A worker that lives in a namespace: serves HTTP there, and tells of its links. */
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { netns, openRoute } from '../../../../src/index.ts';

netns.enter(workerData);
using nl = openRoute();
await nl.link.change('lo', { up: true });
const server = createServer((_, response) => response.end('from the worker'));
server.listen(8080, '127.0.0.1');
await once(server, 'listening');
parentPort!.postMessage({
  links: (await nl.link.list()).map(({ name }) => name),
  thread: readlinkSync('/proc/thread-self/ns/net'),
});
await once(parentPort!, 'message');
server.close();
