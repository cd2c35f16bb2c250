/** What is measured: each workload's namespace, and each of its rows. */

export interface Row {
  readonly name: string;
  /** A key of the programs. */
  readonly program: string;
  readonly args: readonly (string | number)[];
  /** Measured from outside: the program's whole life. */
  readonly whole?: boolean;
  /** Much work: it takes part in the first round only, and --quick leaves it out. */
  readonly slow?: boolean;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** The row that the others are compared with. */
  readonly limit: string;
  /** Routes, neighbours, addresses and veth pairs that are there before it starts. */
  readonly setup: readonly [number, number, number, number];
  /** Programs run once before the rows, to prepare something. */
  readonly before?: readonly Row[];
  readonly rows: readonly Row[];
  /** Each run has a namespace of its own, so that what one leaves behind disturbs no other. */
  readonly apart?: boolean;
  /** The rows listen while the limit makes this many route events, after as many as `warm` says, few at a time, that do not count. */
  readonly events?: number;
  readonly warm?: number;
  /** Times are shown for this many things done: a route of a dump of 1000. */
  readonly per?: number;
}

const tape = '/run/home/lo.tape';
const c = (name: string, ...args: (string | number)[]): Row => ({ name: `C, ${name}`, program: 'limit', args });
const peer = (name: string, program: string, ...args: (string | number)[]): Row => ({ name, program, args });
const ours = (name: string, ...args: (string | number)[]): Row => peer(`netlink-ts, ${name}`, 'ours', ...args);
/** The same through the other bindings to the C library. */
const bindings = ({ name, ...row }: Row): Row[] =>
  ['ffi-napi', 'node:ffi'].map((program) => ({ ...row, name: `${name}, ${program}`, program }));
const slow = (row: Row): Row => ({ ...row, slow: true });
const whole = (row: Row): Row => ({ ...row, whole: true });

export function workloads(quick: boolean): readonly Workload[] {
  const few = 2, routes = quick ? 20_000 : 100_000;
  const veths = quick ? 10 : 200, gets = quick ? 1000 : 5000, adds = quick ? 4000 : 20000;
  const containers = quick ? 10 : 50, events = quick ? 10_000 : 50_000, warm = 4000;

  /** Passes over so many things until V8 has compiled what reads them, which it does in the first half of them. */
  const passes = (n: number): number => quick ? 3 : n > 100_000 ? few : Math.max(20, Math.min(200, Math.floor(500_000 / n)));

  const dump = (what: string, title: string, setup: Workload['setup'], commands: readonly Row[], dumps = passes(Math.max(...setup))): Workload => ({
    id: `dump-${what}`, title, setup, limit: 'C, structs',
    rows: [
      c('received only', 'dump', what, 'recv', dumps), c('structs', 'dump', what, 'structs', dumps),
      ...(what === 'link' ? [] : [c('structs and text', 'dump', what, 'text', dumps)]),
      ours('sync', 'dump', what, 'sync', dumps), ours('async', 'dump', what, 'async', dumps),
      ...(what === 'route' ? [ours('some fields', 'dump', what, 'select', dumps), ours('columns', 'dump', what, 'columns', dumps)] : []),
      ...bindings(ours('sync', 'dump', what, 'sync', dumps)).map(what === 'route' ? (row) => row : slow),
      peer('Rust rtnetlink', 'rust', 'dump', what, dumps),
      ...(what === 'route' ? [peer('Rust netlink-packet-route, blocking', 'rust', 'blocking', what, dumps)] : []),
      peer('Go vishvananda', 'go', 'dump', what, dumps), peer('npm netlink', 'npm netlink', 'dump', what, dumps),
      ...commands.map(whole).map((row) => row.args.includes('-j') ? slow(row) : row),
      slow(peer('libnl cache', 'libnl', 'dump', what, few)), slow(peer('pyroute2', 'pyroute2', 'dump', what, few)),
    ],
  });

  const flat = (n: number): Workload => ({
    id: `flat-${n}`, title: `A route of a dump of ${n.toLocaleString('en')}`, setup: [n, 0, 0, 0],
    limit: 'C, structs', per: n,
    rows: [
      c('structs', 'dump', 'route', 'structs', passes(n)), ours('sync', 'dump', 'route', 'sync', passes(n)),
      ours('streamed, sync', 'stream', 'sync', passes(n)), ours('streamed, async', 'stream', 'async', passes(n)),
    ],
  });

  const get = (by: string): Workload => ({
    id: `get-${by}`, title: `One request and its answer: a link by its ${by}`, setup: [0, 0, 0, 500],
    limit: 'C, structs',
    rows: [
      c('structs', 'get', by, gets),
      ours('sync', 'get', by, 'sync', gets), ours('async', 'get', by, 'async', gets),
      ...bindings(ours('sync', 'get', by, 'sync', gets)).map(by === 'index' ? (row) => row : slow),
      peer('Rust rtnetlink', 'rust', 'get', by, gets / 5), peer('Go vishvananda', 'go', 'get', by, gets / 5),
      peer('npm netlink', 'npm netlink', 'get', by, gets / 5), slow(peer('pyroute2', 'pyroute2', 'get', by, gets / 25)),
      ...(by === 'name' ? [peer('ip link show dev, a process each', 'iproute2', 'get', gets / 50)] : []),
    ],
  });

  const listen = (title: string, id: string, buffer: number): Workload => ({
    id, title: `${events.toLocaleString('en')} route events, ${title}`, setup: [0, 0, 0, 0],
    limit: 'C, structs and text', events, warm,
    rows: [
      c('structs and text', 'listen', events + warm, buffer, warm), ours('async', 'listen', events + warm, buffer, warm),
      ...bindings(ours('async', 'listen', events + warm, buffer, warm)),
      ...(buffer > 0 ? [] : [peer('Go vishvananda', 'go', 'listen', events + warm, warm)]),
      peer('npm netlink', 'npm netlink', 'listen', events + warm, buffer, warm),
      slow(peer('pyroute2', 'pyroute2', 'listen', events + warm, buffer, warm)),
    ],
  });

  return [
    dump('route', `Dump ${routes.toLocaleString('en')} routes`, [routes, 0, 0, 0], [
      peer('ip route', 'ip', '-4', 'route'), peer('ip -j route', 'ip', '-4', '-j', 'route')]),
    dump('link', 'Dump 1,003 links', [0, 0, 0, 500], [
      peer('ip link', 'ip', '-d', '-s', 'link'), peer('ip -j link', 'ip', '-d', '-s', '-j', 'link')]),
    dump('neigh', 'Dump 20,000 neighbours', [0, 20_000, 0, 0], [
      peer('ip neigh', 'ip', '-4', 'neigh'), peer('ip -j neigh', 'ip', '-4', '-j', 'neigh')]),
    dump('addr', 'Dump 20,000 addresses', [0, 0, 20_000, 0], [
      peer('ip addr', 'ip', '-4', 'addr'), peer('ip -j addr', 'ip', '-4', '-j', 'addr')]),
    get('index'), ...(quick ? [] : [get('name')]),
    {
      id: 'add', title: `Add ${adds.toLocaleString('en')} routes, for each`, setup: [0, 0, 0, 0], limit: 'C, packed',
      rows: [
        c('acknowledged each', 'add', 'acked', adds), c('packed', 'add', 'packed', adds),
        ours('batch, sync', 'add', 'sync', adds), ours('batch, async', 'add', 'async', adds),
        ours('single, sync', 'add', 'single', adds),
        peer('ip -batch', 'iproute2', 'add', adds), peer('Rust rtnetlink', 'rust', 'add', adds),
        peer('Go vishvananda', 'go', 'add', adds), peer('npm netlink', 'npm netlink', 'add', adds),
        slow(peer('pyroute2', 'pyroute2', 'add', adds / 5)),
      ],
    },
    listen('a receive buffer of 8 MB', 'events', 8_000_000),
    ...(quick ? [] : [listen('the default receive buffer', 'events-default', 0)]),
    {
      id: 'wire', title: `Wire ${containers} containers, for each`, setup: [0, 0, 0, 0], limit: 'C', apart: true,
      rows: [
        { ...c('', 'wire', containers), name: 'C' },
        ours('sync', 'wire', 'sync', containers), ours('async', 'wire', 'async', containers),
        peer('Go vishvananda', 'go', 'wire', containers),
        peer('ip, fewest processes', 'iproute2', 'wire', 'best', containers),
        slow(peer('ip, as tutorials do', 'iproute2', 'wire', 'usual', containers)),
      ],
    },
    {
      id: 'veth', title: `Delete ${veths} veth pairs`, setup: [0, 0, 0, 0], limit: 'C, by group', apart: true,
      rows: [
        c('one by one', 'veth', 'one', veths), c('by group', 'veth', 'group', veths),
        ours('one by one', 'veth', 'one', veths), ours('by group', 'veth', 'group', veths),
        peer('ip -batch, one by one', 'iproute2', 'veth', 'one', veths),
        peer('ip -batch, by group', 'iproute2', 'veth', 'group', veths),
        peer('Go vishvananda, one by one', 'go', 'veth', veths),
        slow(peer('pyroute2, one by one', 'pyroute2', 'veth', veths)),
      ],
    },
    ...(quick ? [] : [1000, 10_000, 100_000, 1_000_000]).map(flat),
    {
      id: 'start', title: 'Start, and first answer', setup: [0, 0, 0, 0], limit: 'node alone',
      before: [whole(ours('record', 'record', tape))],
      rows: [
        whole(peer('node alone', 'node', '-e', '0')),
        whole(ours('first answer', 'first')), ...bindings(whole(ours('first answer', 'first'))),
        whole(ours('first answer from a tape', 'replay', tape)),
      ],
    },
  ];
}
