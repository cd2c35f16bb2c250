/** A worker thread that waits for events and calls without end, until it is terminated. */
import { parentPort } from 'node:worker_threads';
import { setImmediate as turn } from 'node:timers/promises';
import { openRoute } from '../../../../src/open.ts';

const nl = openRoute(), events = nl.events(['link']);
void events.next();
parentPort!.postMessage('ready');
for (;;) {
  await Promise.all([nl.with({ gentle: true }).link.list(), nl.link.get('lo')]);
  await turn();
}
