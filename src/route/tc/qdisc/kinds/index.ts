import { attributes } from '../../../../schema/attributes.ts';
import { later } from '../../../../schema/later.ts';
import { cakeQdisc, cakeStats } from './cake.ts';
import { cbsQdisc } from './cbs.ts';
import { codelQdisc, codelStats } from './codel.ts';
import { drrClass, drrStats } from './drr.ts';
import { etfQdisc } from './etf.ts';
import { etsClass, etsQdisc } from './ets.ts';
import { fifoQdisc } from './fifo.ts';
import { fqQdisc, fqStats } from './fq.ts';
import { fqCodelQdisc, fqCodelStats } from './fq-codel.ts';
import { fqPieQdisc, fqPieStats } from './fq-pie.ts';
import { hfscClass, hfscQdisc, hfscStats } from './hfsc.ts';
import { hhfQdisc, hhfStats } from './hhf.ts';
import { htbClass, htbQdisc, htbStats } from './htb.ts';
import { mqprioQdisc } from './mqprio.ts';
import { multiqQdisc } from './multiq.ts';
import { netemQdisc } from './netem.ts';
import { pieQdisc, pieStats } from './pie.ts';
import { plugQdisc } from './plug.ts';
import { prioQdisc } from './prio.ts';
import { qfqClass, qfqStats } from './qfq.ts';
import { redQdisc, redStats } from './red.ts';
import { sfqQdisc, sfqStats } from './sfq.ts';
import { taprioQdisc } from './taprio.ts';
import { tbfQdisc } from './tbf.ts';

/** A kind without options. */
const none = attributes({});

/** The kinds of qdiscs whose options have names; those of any other kind are bytes. */
export const qdiscKinds = later({
  bfifo: () => fifoQdisc,
  cake: () => cakeQdisc,
  cbs: () => cbsQdisc,
  clsact: () => none,
  codel: () => codelQdisc,
  drr: () => none,
  etf: () => etfQdisc,
  ets: () => etsQdisc,
  fq: () => fqQdisc,
  fq_codel: () => fqCodelQdisc,
  fq_pie: () => fqPieQdisc,
  hfsc: () => hfscQdisc,
  hhf: () => hhfQdisc,
  htb: () => htbQdisc,
  ingress: () => none,
  mq: () => none,
  mqprio: () => mqprioQdisc,
  multiq: () => multiqQdisc,
  netem: () => netemQdisc,
  noqueue: () => none,
  pfifo: () => fifoQdisc,
  pfifo_fast: () => prioQdisc,
  pfifo_head_drop: () => fifoQdisc,
  pie: () => pieQdisc,
  plug: () => plugQdisc,
  prio: () => prioQdisc,
  qfq: () => none,
  red: () => redQdisc,
  sfq: () => sfqQdisc,
  taprio: () => taprioQdisc,
  tbf: () => tbfQdisc,
});

/** Kinds that the kernel refuses without options, be they empty: with them, its defaults or ours hold. */
export const wantOptions: ReadonlySet<string> = new Set(['cbs', 'etf', 'ets', 'hfsc', 'htb', 'mqprio', 'multiq', 'netem', 'prio', 'red', 'taprio', 'tbf']);

/** The kinds of classes whose options have names. */
export const classKinds = later({
  drr: () => drrClass,
  ets: () => etsClass,
  hfsc: () => hfscClass,
  htb: () => htbClass,
  qfq: () => qfqClass,
});

/** What kinds count besides bytes and packets, of the qdisc or of its classes. */
export const kindStats = later({
  cake: () => cakeStats,
  codel: () => codelStats,
  drr: () => drrStats,
  fq: () => fqStats,
  fq_codel: () => fqCodelStats,
  fq_pie: () => fqPieStats,
  hfsc: () => hfscStats,
  hhf: () => hhfStats,
  htb: () => htbStats,
  pie: () => pieStats,
  qfq: () => qfqStats,
  red: () => redStats,
  sfq: () => sfqStats,
});
