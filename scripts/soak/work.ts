import { setImmediate as turn } from 'node:timers/promises';
import { errno } from '../../src/errno.ts';
import { KernelError } from '../../src/errors.ts';
import { openRoute, type RouteClient } from '../../src/open.ts';

/** What one connection has done. */
export interface Done {
  calls: number;
  /** Calls that the kernel refused, as it was meant to. */
  refused: number;
  events: number;
}

/**
 * One connection's work until `stop()`: a pair of links of its own is made, changed, given addresses, routes and
 * neighbours, listed and deleted, in batches, side by side, synchronously, with errors among it. What was made must be
 * there, what was deleted must be gone, and every call must come back: throws where something was lost.
 */
export async function work(name: string, done: Done, stop: () => boolean): Promise<void> {
  const number = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) & 0xffff, 7), net = `10.${number >> 8}.${number & 0xff}`;
  const near = `${name}a`, far = `${name}b`;
  using nl = openRoute();
  const counted = async <T>(promise: Promise<T>): Promise<T> => {
    done.calls++;
    return await promise;
  };
  for (let round = 0; !stop(); round++) {
    await turn(); // answers are there at once: without it, the event loop would never come to its timers
    await counted(nl.link.add({ name: near, kind: 'veth', up: true, options: { peer: { name: far } } }));
    await refused(nl.link.add({ name: near, kind: 'bridge' }), 'EEXIST', done);
    await counted(nl.link.change(far, { up: true, alias: `round ${round}` }));
    const { index } = nl.sync.link.get(near);
    done.calls++;
    for (let times = 0; times < 20 && !stop(); times++) { // to make and delete a pair takes the kernel longest
      await turn();
      await counted(nl.batch((b) => [1, 2, 3, 4].map((last) => b.addr.add(index, `${net}.${last}/24`))));
      await Promise.all([1, 2, 3, 4].map((last) => refused(nl.addr.add(near, `${net}.${last}/24`), 'EEXIST', done)));
      await counted(nl.neigh.add({ dst: `${net}.9`, lladdr: '02:00:00:00:00:09', dev: index }));
      await counted(nl.route.add({ dst: `10.${200 + (number % 50)}.${number & 0xff}.0/24`, gateway: `${net}.9`, dev: index, table: 1000 + number }));
      const [links, addrs, routes] = await counted(Promise.all([nl.link.list(), nl.addr.list({ dev: near }), nl.route.list({ table: 1000 + number })]));
      if (!links.some((link) => link.name === near && link.index === index)) throw new Error(`${near} is lost`);
      if (addrs.filter(({ family }) => family === 'inet').length !== 4) throw new Error(`${near} has ${addrs.length} addresses`);
      if (routes.length !== 1) throw new Error(`${near} has ${routes.length} routes`);
      await refused(nl.link.get(`${name}-no`), 'ENODEV', done);
      await aborted(nl, done);
      await counted(nl.route.delete({ dst: `10.${200 + (number % 50)}.${number & 0xff}.0/24`, table: 1000 + number }));
      await counted(nl.neigh.delete({ dst: `${net}.9`, dev: index }));
      await counted(nl.addr.flush(index, { family: 'inet' }));
    }
    await counted(nl.link.delete(near));
    await refused(nl.link.get(far), 'ENODEV', done);
  }
}

async function refused(promise: Promise<unknown>, code: string, done: Done): Promise<void> {
  done.calls++;
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== errno[code as 'EEXIST']) throw error;
    done.refused++;
    return;
  }
  throw new Error(`it went well where ${code} was due`);
}

/** A call that is given up: its answer must not be taken for another's. */
async function aborted(nl: RouteClient, done: Done): Promise<void> {
  const controller = new AbortController(), listed = nl.with({ signal: controller.signal, gentle: true }).link.list();
  controller.abort();
  await listed.catch((error: { code?: string }) => {
    if (error.code !== 'ABORT_ERR') throw error;
  });
  done.calls++;
}

/** Reads events until `stop()`; a burst that is too much for its buffer is told and goes on. */
export async function listen(done: Done, signal: AbortSignal): Promise<void> {
  using nl = openRoute();
  try {
    for await (const _event of nl.events(['link', 'addr', 'route', 'neigh'], { signal, receiveBuffer: 1 << 20 })) done.events++;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ABORT_ERR') throw error;
  }
}
