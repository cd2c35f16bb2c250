// timeout: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { FilterInput, Qdisc, TcClass, TcClassInput } from '../../../src/route/tc/message.ts';
import { u32Match } from '../../../src/route/tc/filter/kinds/u32-match.ts';
import { rate, size } from '../../../src/route/tc/units.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { qdiscs } from '../../support/tc-kinds.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();

/** Down, so that nothing is counted between two looks. */
test.before.each(async () => {
  await nl.link.add({ name: 't0', kind: 'veth', numTxQueues: 4, numRxQueues: 4, options: { peer: { name: 't1', numTxQueues: 4, numRxQueues: 4, up: true } } });
});
test.after.each(() => nl.link.delete('t0'));

/** Whether the kernel lacks a kind: it says so, and the reason is printed. */
function lacking(error: { code?: string; text?: string }, what: string): boolean {
  const lacks = error.code === 'ENOENT' || error.code === 'EOPNOTSUPP';
  if (lacks) skip(`${what}: ${error.code}${error.text ? `, the kernel says "${error.text}"` : ''}`);
  return lacks;
}

/** What `tc` prints; undefined where that is no JSON, as with a few kinds in 6.1. */
function shownBy(line: string): any[] | undefined {
  try {
    return json('tc', line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Qdiscs as `tc` prints them: ours in its words. */
const asTc = ({ kind, handle, parent, refcnt, stats }: Qdisc) => ({
  kind, handle, ...(parent === 'root' ? { root: true } : { parent: parent === 'ingress' ? 'ffff:fff1' : parent }), ...(parent === 'root' && refcnt !== 1 ? { refcnt } : {}),
  bytes: Number(stats!.bytes), packets: Number(stats!.packets), drops: stats!.drops, overlimits: stats!.overlimits,
  requeues: stats!.requeues, backlog: stats!.backlog, qlen: stats!.qlen,
});

/** The words in which `tc` shows the options of a kind; of the others it shows what has no words of ours. */
const words: { readonly [kind: string]: (options: any) => object } = {
  htb: (o) => ({ r2q: o.r2q, default: `0x${o.default.toString(16)}`, direct_packets_stat: o.directPackets, ver: `${o.version >>> 16}.${o.version & 0xff}`, direct_qlen: o.directQlen }),
  tbf: (o) => (o.rate > 1e9 ? { rate: o.rate } : { rate: o.rate, burst: `${o.burst}b/1`, mpu: o.mpu, lat: latencyOf(o), linklayer: o.linklayer }),
  pfifo: (o) => ({ limit: o.limit }),
  bfifo: (o) => ({ limit: o.limit }),
  pfifo_fast: (o) => ({ bands: o.bands, priomap: o.priomap }),
  prio: (o) => ({ bands: o.bands, priomap: o.priomap }),
  netem: (o) => ({ limit: o.limit }),
  fq: (o) => ({ limit: o.limit, flow_limit: o.flowLimit, quantum: o.quantum }),
  fq_codel: (o) => ({ limit: o.limit, flows: o.flows, quantum: o.quantum, ecn: o.ecn }),
  codel: (o) => ({ limit: o.limit, ecn: o.ecn }),
  cake: (o) => ({ bandwidth: o.bandwidth, diffserv: o.diffserv, nat: o.nat }),
  sfq: (o) => ({ limit: o.limit, quantum: o.quantum, perturb: o.perturb }),
  red: (o) => ({ limit: o.limit, min: o.min, max: o.max }),
  ets: (o) => ({ bands: o.bands, strict: o.strict, quanta: o.quanta }),
  hhf: (o) => ({ limit: o.limit }),
  pie: (o) => ({ limit: o.limit }),
  fq_pie: (o) => ({ limit: o.limit, flows: o.flows }),
  etf: (o) => ({ delta: o.delta }),
  cbs: (o) => ({ hicredit: o.hicredit, locredit: o.locredit }),
};

/** `tc` counts in whole microseconds what remains of the limit. */
const latencyOf = ({ limit, burst, rate: speed }: { limit: number; burst: number; rate: number }) => Math.trunc((limit / speed) * 1e6) - Math.trunc((burst / speed) * 1e6);

if (['tc', 'ip'].some((program) => !installed(program))) skip('iproute2 is not installed');
else {
  for (const input of qdiscs)
    test(`qdisc ${input.kind}: made by us, shown by tc, listed, set again`, async () => {
      const kind = input.kind!;
      const { options, parent = kind === 'ingress' || kind === 'clsact' ? 'ingress' : 'root' } = input as { options?: object; parent?: string };
      try {
        await nl.qdisc.add('t0', input);
      } catch (error) {
        if (lacking(error as { code?: string }, `qdisc ${kind}`)) return;
        throw error;
      }
      const [ours] = await nl.qdisc.list({ dev: 't0', kind });
      const [theirs] = shownBy('-s qdisc show dev t0')?.filter((one) => one.kind === kind) ?? [];
      if (theirs) {
        const said = words[kind]?.(ours!.options) ?? {};
        assert.equal(asTc(ours!), Object.fromEntries(Object.keys(asTc(ours!)).map((key) => [key, theirs[key]])));
        assert.equal(said, Object.fromEntries(Object.keys(said).map((key) => [key, (theirs.options ?? {})[key]])), JSON.stringify(theirs));
      } else assert.match(sh('tc', 'qdisc show dev t0'), new RegExp(`^qdisc ${kind} 1: root`, 'm'));
      const { latency: _, avpkt: __, burst, ...given } = (options ?? {}) as Record<string, unknown>;
      for (const [key, value] of Object.entries(kind === 'plug' ? {} : given)) near((ours!.options as Record<string, unknown>)[key], value, `${kind} ${key}`);
      if (kind === 'tbf') near((ours!.options as { burst: number }).burst, burst, 'burst');
      // one by place, and what was listed set again after it was deleted
      assert.equal((await nl.qdisc.get('t0', { parent, handle: ours!.handle })).kind, kind);
      assert.equal((await nl.qdisc.get('t0', { handle: ours!.handle })).parent, ours!.parent);
      await nl.qdisc.delete('t0', ours!);
      assert.equal((await refusal(nl.qdisc.get('t0', { handle: ours!.handle }))).code, 'ENOENT');
      if (kind === 'red' || kind === 'plug') return; // the kernel does not report what the curve was made of, nor the limit
      await nl.qdisc.add('t0', ours!);
      near((await nl.qdisc.list({ dev: 't0', kind }))[0]!.options, ours!.options, kind);
    });

  test('qdiscs made by tc are read', async () => {
    sh('tc', 'qdisc add dev t0 root handle 1: htb default 10');
    sh('tc', 'class add dev t0 parent 1: classid 1:10 htb rate 1mbit ceil 2mbit burst 16000b prio 3');
    sh('tc', 'qdisc add dev t0 parent 1:10 handle 20: tbf rate 512kbit burst 3200 limit 10000');
    const list = await nl.qdisc.list({ dev: 't0' });
    assert.equal(list.map(({ kind, handle, parent }) => [kind, handle, parent]), [['htb', '1:', 'root'], ['tbf', '20:', '1:10']]);
    const [one] = await nl.class.list('t0', { kind: 'htb' });
    const { rate: speed, ceil, burst, prio } = one!.options as { rate: number; ceil: number; burst: number; prio: number };
    assert.equal({ speed, ceil, burst, prio, handle: one!.handle, leaf: one!.leaf }, { speed: 125000, ceil: 250000, burst: 16000, prio: 3, handle: '1:10', leaf: '20:' });
    sh('tc', 'qdisc del dev t0 root');
    assert.equal((await nl.qdisc.list({ dev: 't0' })).map(({ kind }) => kind).filter((kind) => kind === 'htb'), []);
  });

  test('classes of htb: made, shown, changed, counted, deleted', async () => {
    await nl.qdisc.add('t0', { kind: 'htb', handle: '1:', options: { default: 0x20 } });
    const wanted: TcClassInput[] = [
      { kind: 'htb', parent: '1:', handle: '1:1', options: { rate: rate('10mbit'), burst: 20000, cburst: 20000 } },
      { kind: 'htb', parent: '1:1', handle: '1:10', options: { rate: rate('4mbit'), ceil: rate('10mbit'), prio: 1, quantum: 3000, mpu: 64, overhead: 18 } },
      { kind: 'htb', parent: '1:1', handle: '1:20', options: { rate: rate('50gbit'), burst: size('1mb'), cburst: size('1mb') } },
    ];
    for (const one of wanted) await nl.class.add('t0', one);
    const shown = sh('tc', '-d class show dev t0');
    assert.match(shown, /class htb 1:1 root rate 10Mbit ceil 10Mbit linklayer ethernet burst 20000b/);
    assert.match(shown, /class htb 1:10 parent 1:1 prio 1 quantum 3000 rate 4Mbit overhead 18 ceil 10Mbit linklayer ethernet burst 1600b\/1 mpu 64b/);
    assert.match(shown, /class htb 1:20 parent 1:1 prio 0 quantum 200000 rate 50Gbit ceil 50Gbit/);
    const listed = await nl.class.list('t0', { parent: '1:' });
    assert.equal(listed.map(({ handle, parent }) => [handle, parent]).sort(), [['1:1', 'root'], ['1:10', '1:1'], ['1:20', '1:1']]);
    for (const [i, { handle, options }] of wanted.entries())
      for (const [key, value] of Object.entries(options as object)) near((find(listed, handle!).options as any)[key], value, `${i} ${key}`);
    await nl.class.change('t0', { ...find(listed, '1:10'), options: { rate: rate('5mbit') } } as TcClassInput);
    assert.match(sh('tc', 'class show dev t0'), /class htb 1:10 .* rate 5Mbit/);
    await nl.class.change('t0', find(listed, '1:10')); // as it was
    assert.equal((await nl.class.get('t0', '1:10')).options, find(listed, '1:10').options);
    assert.equal(Object.keys((await nl.class.get('t0', '1:10')).stats!.app as object), ['lends', 'borrows', 'giants', 'tokens', 'ctokens']);
    assert.is((await refusal(nl.class.add('t0', wanted[0]!))).code, 'EEXIST');
    assert.is((await refusal(nl.class.delete('t0', '1:1'))).code, 'EBUSY');
    await nl.class.delete('t0', '1:10');
    assert.is((await refusal(nl.class.get('t0', '1:10'))).code, 'ENOENT');
  });

  test('counters count what goes through', async () => {
    await nl.qdisc.add('t0', { kind: 'htb', handle: '1:', options: { default: 0x10 } });
    await nl.class.add('t0', { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: rate('10mbit') } });
    await nl.link.change('t0', { up: true });
    await nl.addr.add('t0', '192.0.2.1/24');
    await nl.neigh.add({ dev: 't0', dst: '192.0.2.2', lladdr: '02:00:00:00:00:02' } as never);
    const { createSocket } = await import('node:dgram');
    const socket = createSocket('udp4');
    for (let i = 0; i < 5; i++) await new Promise<void>((resolve, reject) => socket.send(Buffer.alloc(100), 9, '192.0.2.2', (error) => (error ? reject(error) : resolve())));
    socket.close();
    const { stats } = await nl.class.get('t0', '1:10'), [theirs] = json('tc', '-s qdisc show dev t0 root');
    assert.ok(stats!.packets! >= 5n && stats!.bytes! >= 5n * 142n, `${stats!.packets} packets`);
    assert.ok((stats!.app as { lends: number }).lends >= 5);
    assert.is(Number((await nl.qdisc.get('t0', { parent: 'root' })).stats!.packets) >= theirs.packets, true);
  });

  test('a qdisc is linked to a second class', async () => {
    await nl.qdisc.add('t0', { kind: 'htb', handle: '1:' });
    for (const handle of ['1:10', '1:20']) await nl.class.add('t0', { kind: 'htb', parent: '1:', handle, options: { rate: rate('1mbit') } });
    await nl.qdisc.add('t0', { kind: 'pfifo', parent: '1:10', handle: '20:' });
    try {
      await nl.qdisc.link('t0', { kind: 'pfifo', parent: '1:20', handle: '20:' });
    } catch (error) {
      if (!/different parent/.test((error as Error).message)) throw error;
      return skip((error as Error).message);
    }
    assert.equal((await nl.class.list('t0')).map(({ handle, leaf }) => [handle, leaf]).sort(), [['1:10', '20:'], ['1:20', '20:']]);
    assert.is(sh('tc', 'class show dev t0').match(/leaf 20:/g)?.length, 2);
  });

  test('a batch builds a tree, synchronously too', async () => {
    nl.sync.batch((b) => [
      b.qdisc.add('t0', { kind: 'htb', handle: '1:' }),
      b.class.add('t0', { kind: 'htb', parent: '1:', handle: '1:1', options: { rate: 1e6 } }),
      b.filter.add('t0', { kind: 'u32', parent: '1:', protocol: 'ip', prio: 1, options: { classid: '1:1', sel: { flags: { terminal: true }, keys: u32Match({ dport: 80 }) } } } as FilterInput),
    ]);
    assert.is(nl.sync.class.list('t0').length, 1);
    assert.match(sh('tc', 'filter show dev t0'), /flowid 1:1/);
  });
  test.after(() => nl.close());
  test.run();
}

const find = (list: TcClass[], handle: string): TcClass => list.find((one) => one.handle === handle)!;

/** Equal, or as near as the kernel's grain allows. */
function near(actual: unknown, expected: unknown, what: string): void {
  if (typeof actual === 'number' && typeof expected === 'number' && actual !== expected)
    assert.ok(Math.abs(actual - expected) <= Math.max(1, Math.abs(expected) / 1000), `${what}: ${actual}, not ${expected}`);
  else if (typeof expected === 'object' && expected !== null && !Array.isArray(expected))
    for (const [key, value] of Object.entries(expected)) near((actual as any)[key], value, `${what}.${key}`);
  else assert.equal(actual, expected, what);
}
