import { attribute, attributes, type Infer } from '../../schema/attributes.ts';
import type { Codec } from '../../schema/codec.ts';
import { later } from '../../schema/later.ts';
import { binary } from '../../schema/leaves.ts';
import { list } from '../../schema/arrays.ts';
import { tagged } from '../../schema/tagged.ts';
import { NLA_F_NESTED } from '../../wire/header.ts';
import { nftName } from '../verdict.ts';
import { bitwise } from './bitwise.ts';
import { byteorder } from './byteorder.ts';
import { cmp } from './cmp.ts';
import { connlimit } from './connlimit.ts';
import { counter } from './counter.ts';
import { ct } from './ct.ts';
import { empty } from './empty.ts';
import { exthdr } from './exthdr.ts';
import { fib } from './fib.ts';
import { flowOffload } from './flow-offload.ts';
import { hash } from './hash.ts';
import { immediate } from './immediate.ts';
import { limit } from './limit.ts';
import { log } from './log.ts';
import { lookup } from './lookup.ts';
import { masq } from './masq.ts';
import { match } from './match.ts';
import { meta } from './meta.ts';
import { nat } from './nat.ts';
import { numgen } from './numgen.ts';
import { objref } from './objref.ts';
import { payload } from './payload.ts';
import { queue } from './queue.ts';
import { quota } from './quota.ts';
import { range } from './range.ts';
import { redir } from './redir.ts';
import { reject } from './reject.ts';
import { rt } from './rt.ts';
import { socket } from './socket.ts';
import { target } from './target.ts';
import { tproxy } from './tproxy.ts';

/** Expressions by the kernel's names; others are kept as bytes. */
export const expressions = later({
  bitwise: () => bitwise, byteorder: () => byteorder, cmp: () => cmp, connlimit: () => connlimit,
  counter: () => counter, ct: () => ct, exthdr: () => exthdr, fib: () => fib, flow_offload: () => flowOffload,
  hash: () => hash, immediate: () => immediate, limit: () => limit, log: () => log,
  lookup: () => lookup, masq: () => masq, match: () => match, meta: () => meta, nat: () => nat, notrack: () => empty,
  numgen: () => numgen, objref: () => objref, payload: () => payload, queue: () => queue, quota: () => quota,
  range: () => range, redir: () => redir, reject: () => reject, rt: () => rt,
  socket: () => socket, target: () => target, tproxy: () => tproxy,
});

type Expressions = typeof expressions;

/** One step of a rule: its name and what it is told. An expression we do not know keeps its bytes. */
export type Expression =
  | { [K in keyof Expressions]: { name: K; data: Infer<Expressions[K]> } }[keyof Expressions]
  | { name: string & {}; data?: Uint8Array | undefined };

/** The expressions that we know. */
export type ExpressionName = keyof Expressions;
/** What an expression is told. */
export type ExpressionData<K extends ExpressionName> = Infer<Expressions[K]>;

const raw: Codec<Uint8Array> = { ...binary, flags: NLA_F_NESTED };

/** `{ name, data }`: a nest of two, as a rule and a set have it. */
export const expression = attributes({
  name: attribute('NFTA_EXPR_NAME', 1, nftName),
  data: attribute('NFTA_EXPR_DATA', 2, tagged('name', expressions, raw)),
}) as unknown as Codec<Expression>;

/** Several of them, one after the other. */
export const expressionList = list<Expression>('NFTA_LIST_ELEM', expression, 1);
