/**
 * Our own side of the benchmark, through the public API only; works and output as limit.c's. run.ts builds the package
 * and runs this beside it in plain Node: `node ours.js dump route sync 20`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const now = (): number => performance.now();
const print = (ms: number[], more: object = {}): void => console.log(JSON.stringify({ ms, ...more }));
const open = async (options = {}) => (await import('netlink-ts')).openRoute(options);
type Route = Awaited<ReturnType<typeof open>>;

/** Ends with the exit code that stands for "cannot be measured": there is no such call yet. */
function missing(what: string): never {
  process.stderr.write(`there is no ${what} yet\n`);
  process.exit(3);
}

type Method = (...args: unknown[]) => unknown;
/** A method that may not be there yet, by its path: `sync.neigh.list`. */
function method(nl: Route, path: string): Method {
  let at: unknown = nl;
  for (const word of path.split('.')) at = (at as Record<string, unknown>)[word] ?? missing(`nl.${path}`);
  return at as Method;
}

/** What is asked for in each family, as the other programs ask. */
const filters: { readonly [what: string]: object } = {
  route: { family: 'inet' }, link: {}, neigh: { family: 'inet' }, addr: { family: 'inet' },
};

async function dump(what: string, form: string, times: number): Promise<void> {
  const nl = await open();
  const list = method(nl, form === 'async' ? `${what}.list` : `sync.${what}.list`);
  const filter = filters[what];
  const read: () => unknown = form === 'select' ? () => nl.sync.route.select(['dst', 'oif', 'priority'], filter)
    : form === 'columns' ? () => nl.sync.route.columns(['oif', 'priority', 'tos'], filter) : () => list(filter);
  // a function of its own, so that no list is held while the next is read: the C programs hold one item
  const pass = async (): Promise<number> => (await read() as unknown[]).length;
  const passSync = (): number => (read() as unknown[]).length;
  const ms: number[] = [];
  let count = 0;
  for (let i = 0; i < times; i++) {
    const start = now();
    count = form === 'async' ? await pass() : passSync();
    ms.push(now() - start);
  }
  print(ms, { count });
}

async function get(by: string, form: string, times: number): Promise<void> {
  const nl = await open();
  const dev = by === 'name' ? 'a250' : nl.sync.link.get('a250').index;
  const ms: number[] = [];
  for (let round = 0; round < 7; round++) {
    const start = now();
    if (form === 'sync') for (let i = 0; i < times; i++) nl.sync.link.get(dev);
    else for (let i = 0; i < times; i++) await nl.link.get(dev);
    ms.push((now() - start) / times);
  }
  print(ms);
}

async function add(form: string, times: number): Promise<void> {
  const nl = await open();
  const oif = nl.sync.link.get('v0').index;
  const routes = Array.from({ length: times }, (_, i) => ({
    dst: `10.${i >> 8}.${i & 255}.0/24`, gateway: '192.168.0.2', oif, protocol: 'static' as const,
  }));
  const change = async (verb: 'add' | 'delete'): Promise<number> => {
    const start = now();
    if (form === 'single') for (const route of routes) nl.sync.route[verb](route);
    else if (form === 'sync') nl.sync.batch((b) => routes.map((route) => b.route[verb](route)));
    else await nl.batch((b) => routes.map((route) => b.route[verb](route)));
    return (now() - start) / times;
  };
  const ms: number[] = [];
  let deleted = 0;
  for (let round = 0; round < 3; round++) {
    ms.push(await change('add'));
    deleted = await change('delete');
  }
  print(ms, { delete: deleted });
}

async function veth(form: string, times: number): Promise<void> {
  const nl = await open();
  nl.sync.link.add({ name: 'br0', kind: 'bridge', up: true });
  const master = nl.sync.link.get('br0').index, group = form === 'group' ? 77 : undefined;
  const begin = now();
  for (let i = 0; i < times; i++) {
    const options = { peer: { name: `vb${i}`, group } };
    await nl.link.add({ name: `va${i}`, kind: 'veth', options, group, master, up: true });
  }
  const create = now() - begin, start = now();
  if (group !== undefined) await nl.link.delete({ group });
  else for (let i = 0; i < times; i++) await nl.link.delete(`va${i}`);
  print([now() - start], { create });
  await nl.link.delete('br0');
}

async function wire(form: string, times: number): Promise<void> {
  const { openRoute, netns } = await import('netlink-ts');
  const nl = openRoute();
  nl.sync.link.add({ name: 'br0', kind: 'bridge', up: true });
  const master = nl.sync.link.get('br0').index, containers: { close(): void }[] = [];
  const ms: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = now();
    const container = netns.make();
    containers.push(container);
    const link = {
      name: `veth${i}`, kind: 'veth', master, up: true,
      options: { peer: { name: 'eth0', index: 2, netns: container } },
    } as const;
    using inside = openRoute({ netns: container });
    const build = (b: Parameters<Parameters<typeof inside.batch>[0]>[0]) => [
      b.link.change({ index: 2 }, { up: true }),
      b.addr.add({ index: 2 }, `10.10.0.${i + 2}/16`),
      b.route.add({ dst: 'default', gateway: '10.10.0.1' }),
    ];
    if (form === 'sync') {
      nl.sync.link.add(link);
      inside.sync.batch(build);
    } else {
      await nl.link.add(link);
      await inside.batch(build);
    }
    ms.push(now() - start);
  }
  print(ms);
  for (const container of containers) container.close();
  const last = `veth${times - 1}`;
  for (let i = 0; i < 2000 && nl.sync.link.list().some(({ name }) => name === last); i++) await sleep(10);
  nl.sync.link.delete('br0');
}

async function listen(times: number, receiveBuffer: number, warm: number): Promise<void> {
  const nl = await open();
  const buffer = receiveBuffer > 0 ? { receiveBuffer: 2 * receiveBuffer } : {}; // setsockopt() doubles it, we say what there is to be
  const stream = method(nl, 'events')(['route'], buffer) as AsyncIterable<{ type: string; route?: { family: string } }> & { close(): void };
  console.log('READY');
  let got = 0, overruns = 0, first = 0, last = 0;
  const silence = setInterval(() => { if (got > warm && now() - last > 500) stream.close(); }, 100);
  for await (const event of stream) {
    if (event.route?.family === 'inet6') continue; // the kernel's own, some time after a link came up; the others listen to IPv4 alone
    last = now();
    if (got <= warm) first = last;
    if (event.type === 'overrun') overruns++;
    else if (++got === times) break;
  }
  clearInterval(silence);
  print([last - first], { got: got - warm, overruns });
}

/** Reads a table in chunks that are dropped, and tells how far memory went up. */
async function stream(form: string, times: number): Promise<void> {
  const nl = await open();
  const { stream: chunks } = { stream: method(nl, form === 'sync' ? 'sync.route.stream' : 'route.stream') };
  const idle = process.resourceUsage().maxRSS, ms: number[] = [];
  let count = 0;
  for (let i = 0; i < times; i++) {
    const start = now();
    count = 0;
    const read = chunks(filters.route);
    if (form === 'sync') for (const chunk of read as Iterable<unknown[]>) count += chunk.length;
    else for await (const chunk of read as AsyncIterable<unknown[]>) count += chunk.length;
    ms.push(now() - start);
  }
  print(ms, { count, 'grown MiB': (process.resourceUsage().maxRSS - idle) / 1024 });
}

/** Import and first answer, all of a short program's life. */
async function first(): Promise<void> {
  const nl = await open();
  nl.sync.link.get('lo');
}

async function record(path: string): Promise<void> {
  const { recordRoute } = await import('netlink-ts/testing');
  const { nl, tape } = recordRoute({ title: 'The loopback device' });
  await nl.link.get('lo');
  writeFileSync(path, tape.text());
}

/** Import and first answer from a tape. No binding to the C library may be in the process then. */
async function replay(path: string): Promise<void> {
  const { replayRoute } = await import('netlink-ts/testing');
  const { nl } = replayRoute(readFileSync(path, 'utf8'));
  await nl.link.get('lo');
  const loaded = /\S*(koffi|ffi)\S*\.node/.exec(readFileSync('/proc/self/maps', 'latin1'));
  if (loaded) throw new Error(`a replay loaded ${loaded[0]}`);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const [work, a = '', b = '', c = ''] = process.argv.slice(2);
const works: { readonly [work: string]: () => Promise<void> } = {
  dump: () => dump(a, b, Number(c)),
  get: () => get(a, b, Number(c)),
  add: () => add(a, Number(b)),
  veth: () => veth(a, Number(b)),
  wire: () => wire(a, Number(b)),
  listen: () => listen(Number(a), Number(b), Number(c)),
  stream: () => stream(a, Number(b)),
  first,
  record: () => record(a),
  replay: () => replay(a),
};
await works[work]();
