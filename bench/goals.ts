/** How fast we mean to be: ratios within one run, so that they hold on any machine. */
import { find, timeOf, type Result } from './results.ts';

export interface Goal {
  readonly text: string;
  readonly measured: number | undefined;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** The same number with the limit in C in our place, where that says how far anybody gets on this machine. */
  readonly limit?: number | undefined;
}

export function goals(results: readonly Result[]): Goal[] {
  const time = (id: string, row: string): number | undefined => timeOf(results, id, row);
  const ratio = (id: string, row: string, over: string): number | undefined => divide(time(id, row), time(id, over));
  const us = (form: string): string => `netlink-ts, ${form}`;
  const more = (id: string, row: string, key: string): number | undefined => find(results, id, row)?.more?.[key];
  const atMost = (what: string, most: number, measured: number | undefined): Goal =>
    ({ text: what, atMost: most, measured });
  const atLeast = (what: string, least: number, measured: number | undefined, limit: number | undefined): Goal =>
    ({ text: what, atLeast: least, measured, limit });
  const ahead = (what: string, least: number, id: string, peer: string, row: string, c: string): Goal =>
    atLeast(what, least, ratio(id, peer, row), ratio(id, peer, c));
  const peer = (what: string, least: number, name: string): Goal => ahead(`routes: ${what} over sync`, least, 'dump-route', name, us('sync'), 'C, received only');
  const text = 'C, structs and text', structs = 'C, structs';
  return [
    atMost('routes, sync, over C with text', 1, ratio('dump-route', us('sync'), text)),
    atMost('routes, async, over C with text', 1.15, ratio('dump-route', us('async'), text)),
    atMost('routes, some fields, over C structs', 2, ratio('dump-route', us('some fields'), structs)),
    atMost('routes, columns, over C structs', 1.3, ratio('dump-route', us('columns'), structs)),
    peer('Rust rtnetlink', 1, 'Rust rtnetlink'),
    peer('Go', 5, 'Go vishvananda'),
    peer('npm netlink', 8, 'npm netlink'),
    peer('pyroute2', 150, 'pyroute2'),
    atMost('links, sync, over C structs', 3, ratio('dump-link', us('sync'), structs)),
    atMost('neighbours, sync, over C structs', 3, ratio('dump-neigh', us('sync'), structs)),
    atMost('addresses, sync, over C structs', 2, ratio('dump-addr', us('sync'), structs)),
    atMost('one answer by index, sync, over C', 2.5, ratio('get-index', us('sync'), structs)),
    atMost('one answer by index, async, over C', 5, ratio('get-index', us('async'), structs)),
    atMost('one answer by name, sync, over C', 2.5, ratio('get-name', us('sync'), structs)),
    atMost('add by batch, sync, over packed C', 1.5, ratio('add', us('batch, sync'), 'C, packed')),
    ahead('add: ip -batch over our batch', 3, 'add', 'ip -batch', us('batch, sync'), 'C, packed'),
    atMost('events lost', 0, more('events', us('async'), 'lost')),
    atMost('events over the producer', 1.1, more('events', us('async'), 'lost') === 0 ? divide(
      time('events', us('async')), more('events', us('async'), 'producer ms')) : undefined),
    atMost('a container, sync, over C', 1.6, ratio('wire', us('sync'), 'C')),
    ahead('a container: Go over sync', 1, 'wire', 'Go vishvananda', us('sync'), 'C'),
    atLeast('veth pairs: one by one over by group', 20, ratio('veth', us('one by one'), us('by group')), ratio('veth', 'C, one by one', 'C, by group')),
    atMost('memory of a streamed dump of 1,000,000, MiB', 64, more('flat-1000000', us('streamed, async'), 'grown MiB')),
    atMost('a route of 1,000,000 over one of 10,000, as C has it', 1.25, divide(
      ratio('flat-1000000', us('streamed, sync'), structs), ratio('flat-10000', us('streamed, sync'), structs))),
    atMost('start and first answer beyond node, ms', 40, minus(
      time('start', us('first answer')), time('start', 'node alone'))),
  ];
}

const divide = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined || b === 0 ? undefined : a / b;
const minus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;

/** The goals as cells of a table. */
export function goalCells(list: readonly Goal[]): string[][] {
  return [['goal', 'wanted', 'measured', 'C would have', ''], ...list.map(({ text, measured, atMost, atLeast, limit }) => {
    const wanted = atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`, c = limit?.toFixed(2) ?? '';
    if (measured === undefined) return [text, wanted, '-', c, 'not measured'];
    const reached = atMost === undefined ? measured >= atLeast! : measured <= atMost;
    const out = limit !== undefined && limit < atLeast!;
    return [text, wanted, measured.toFixed(2), c, reached ? 'reached' : out ? 'missed, C misses it too' : 'missed'];
  })];
}
