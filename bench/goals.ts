/** How fast we mean to be: ratios within one run, so that they hold on any machine. */
import { find, timeOf, type Result } from './results.ts';

export interface Goal {
  readonly text: string;
  readonly measured: number | undefined;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function goals(results: readonly Result[]): Goal[] {
  const time = (id: string, row: string): number | undefined => timeOf(results, id, row);
  const ratio = (id: string, row: string, over: string): number | undefined => divide(time(id, row), time(id, over));
  const us = (form: string): string => `netlink-ts, ${form}`;
  const more = (id: string, row: string, key: string): number | undefined => find(results, id, row)?.more?.[key];
  const atMost = (what: string, most: number, measured: number | undefined): Goal =>
    ({ text: what, atMost: most, measured });
  const atLeast = (what: string, least: number, measured: number | undefined): Goal =>
    ({ text: what, atLeast: least, measured });
  const text = 'C, structs and text', structs = 'C, structs';
  return [
    atMost('routes, sync, over C with text', 1, ratio('dump-route', us('sync'), text)),
    atMost('routes, async, over C with text', 1.15, ratio('dump-route', us('async'), text)),
    atMost('routes, some fields, over C structs', 2, ratio('dump-route', us('some fields'), structs)),
    atMost('routes, columns, over C structs', 1.3, ratio('dump-route', us('columns'), structs)),
    atLeast('routes: Rust rtnetlink over sync', 1, ratio('dump-route', 'Rust rtnetlink', us('sync'))),
    atLeast('routes: Go over sync', 5, ratio('dump-route', 'Go vishvananda', us('sync'))),
    atLeast('routes: npm netlink over sync', 8, ratio('dump-route', 'npm netlink', us('sync'))),
    atLeast('routes: pyroute2 over sync', 150, ratio('dump-route', 'pyroute2', us('sync'))),
    atMost('links, sync, over C structs', 3, ratio('dump-link', us('sync'), structs)),
    atMost('neighbours, sync, over C structs', 3, ratio('dump-neigh', us('sync'), structs)),
    atMost('addresses, sync, over C structs', 2, ratio('dump-addr', us('sync'), structs)),
    atMost('one answer by index, sync, over C', 2.5, ratio('get-index', us('sync'), structs)),
    atMost('one answer by index, async, over C', 5, ratio('get-index', us('async'), structs)),
    atMost('one answer by name, sync, over C', 2.5, ratio('get-name', us('sync'), structs)),
    atMost('add by batch, sync, over packed C', 1.5, ratio('add', us('batch, sync'), 'C, packed')),
    atLeast('add: ip -batch over our batch', 3, ratio('add', 'ip -batch', us('batch, sync'))),
    atMost('events lost', 0, more('events', us('async'), 'lost')),
    atMost('events over the producer', 1.1, more('events', us('async'), 'lost') === 0 ? divide(
      time('events', us('async')), more('events', us('async'), 'producer ms')) : undefined),
    atMost('a container, sync, over C', 1.6, ratio('wire', us('sync'), 'C')),
    atLeast('a container: Go over sync', 1, ratio('wire', 'Go vishvananda', us('sync'))),
    atLeast('veth pairs: one by one over by group', 20, ratio('veth', us('one by one'), us('by group'))),
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
  return [['goal', 'wanted', 'measured', ''], ...list.map(({ text, measured, atMost, atLeast }) => {
    const wanted = atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
    if (measured === undefined) return [text, wanted, '-', 'not measured'];
    const reached = atMost === undefined ? measured >= atLeast! : measured <= atMost;
    return [text, wanted, measured.toFixed(2), reached ? 'reached' : 'missed'];
  })];
}
