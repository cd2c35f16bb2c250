import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, single, type Exchange, type Steps } from '../../conversation/operation.ts';
import { EncodeError, KernelError } from '../../errors.ts';
import { NLM_F } from '../../wire/header.ts';
import type { Family } from '../header.ts';
import { IPCTNL_MSG_CT } from '../types.ts';
import {
  conntrackMessage, statisticsMessage, status as statusCodec, type Conntrack, type ConntrackInput, type ConntrackStatus,
} from './message.ts';
import type { Tuple } from './tuple.ts';

/** Which connections. The kernel filters by family, mark, zone and status where it can, the rest is filtered here. */
export interface ConntrackFilter {
  readonly family?: Family | undefined;
  readonly protocol?: Tuple['protocol'] | undefined;
  /** Parts of the original direction: `{ dst: '10.0.0.1', dport: 80 }`. */
  readonly orig?: Partial<Tuple> | undefined;
  /** Parts of the reply direction: behind a dnat, `src` is where the connection really went. */
  readonly reply?: Partial<Tuple> | undefined;
  readonly mark?: number | { readonly value: number; readonly mask: number } | undefined;
  readonly zone?: number | undefined;
  /** Flags that a connection has, or with false has not. */
  readonly status?: ConntrackStatus | undefined;
}

/** A connection by one of its directions; one that `list` gave will do. */
export type ConntrackRef = Pick<ConntrackInput, 'orig' | 'reply' | 'zone' | 'id'>;

/** What can be changed about a connection. */
export type ConntrackChange =
  Pick<ConntrackInput, 'mark' | 'timeout' | 'status' | 'labels' | 'labelsMask' | 'helper' | 'tcp'>;

/** Lists tracked connections. Equivalent to `conntrack -L [-p PROTOCOL] [-s SRC] [-d DST] ...`. */
export const list = (filter: ConntrackFilter = {}): Exchange<Conntrack[]> => listAs('conntrack.list', filter);

/** One connection. Equivalent to `conntrack -G ...`. Fails with ENOENT where there is none. */
export const get = (connection: ConntrackRef): Exchange<Conntrack> =>
  answered(single('conntrack.get', IPCTNL_MSG_CT.GET, 0, conntrackMessage, refOf(connection), conntrackMessage, () =>
    `conntrack -G ${told(connection)}`));

/**
 * Adds an entry, as if the connection had been seen. `timeout`, in seconds, is needed; `reply` is the way back of
 * `orig` unless given. Equivalent to `conntrack -I ...`. Fails with EEXIST where it is there.
 */
export const add = (connection: ConntrackInput & { readonly orig: Tuple; readonly timeout: number }): Exchange<void> =>
  acknowledged('conntrack.add', IPCTNL_MSG_CT.NEW, NLM_F.CREATE | NLM_F.EXCL, conntrackMessage,
    { family: familyOf(connection.orig), ...connection, status: { confirmed: true, ...connection.status },
      reply: connection.reply ?? reversed(connection.orig) }, () =>
      `conntrack -I ${told(connection)} -t ${connection.timeout}`);

/**
 * Changes an entry: its mark, timeout, status. Equivalent to `conntrack -U ...`. Fails with ENOENT where there is none,
 * with EBUSY where a status is to be taken back.
 */
export const change = (connection: ConntrackRef, changes: ConntrackChange): Exchange<void> =>
  acknowledged('conntrack.change', IPCTNL_MSG_CT.NEW, 0, conntrackMessage, {
      ...refOf(connection), id: undefined, ...changes,
      ...(changes.status === undefined ? {} : { status: { confirmed: true, ...changes.status } }),
    }, () => `conntrack -U ${told(connection)}`);

/**
 * Forgets a connection; its next packet begins a new one, by today's rules. Equivalent to `conntrack -D ...`. Fails
 * with ENOENT where there is none.
 */
function forget(connection: ConntrackRef): Exchange<void> {
  return acknowledged('conntrack.delete', IPCTNL_MSG_CT.DELETE, 0, conntrackMessage, refOf(connection), () =>
    `conntrack -D ${told(connection)}`);
}
export { forget as delete };

/**
 * Forgets all connections, or those that fit, and tells how many; all at once are not counted (undefined).
 *
 * Equivalent to `conntrack -F` or `conntrack -D [-p PROTOCOL] ...`. Entries that go meanwhile are no error.
 */
export function* flush(filter?: ConntrackFilter): Steps<number | undefined> {
  if (filter === undefined || Object.values(filter).every((value) => value === undefined))
    return acknowledged('conntrack.flush', IPCTNL_MSG_CT.DELETE, 0, conntrackMessage, {}, () =>
      'conntrack -F') as unknown as Exchange<undefined>;
  let count = 0;
  for (const connection of yield* ask(listAs('conntrack.flush', filter))) {
    try {
      yield { ...forget(connection), operation: 'conntrack.flush' };
      count++;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'ENOENT') throw error;
    }
  }
  return done(count);
}

/** How many connections there are, and may be. Equivalent to `conntrack -C`. */
export const count = (): Exchange<{ entries: number; maxEntries?: number | undefined }> =>
  answered(single('conntrack.count', IPCTNL_MSG_CT.GET_STATS, 0, statisticsMessage, {}, statisticsMessage, () =>
    'conntrack -C'));

/** The kernel says of its single answers that more will follow, and none does: an acknowledgement ends them. */
const answered = <T>(exchange: Exchange<T>): Exchange<T> =>
  ({ ...exchange, flags: exchange.flags | NLM_F.ACK, answer: { ...exchange.answer, ends: 'echo' } });

function listAs(operation: string, filter: ConntrackFilter): Exchange<Conntrack[]> {
  const { family = 'unspec', zone, protocol, orig, reply } = filter;
  const mark = typeof filter.mark === 'number' ? { value: filter.mark, mask: 0xffffffff } : filter.mark;
  const status = filter.status === undefined ? undefined : statusCodec.toNumber(filter.status);
  const mask = filter.status === undefined ? 0 : statusCodec.toMask(filter.status);
  const keep = (one: Conntrack): boolean =>
    (family === 'unspec' || one.family === family) && (zone === undefined || (one.zone ?? 0) === zone) &&
    (protocol === undefined || one.orig?.protocol === protocol) &&
    (mark === undefined || (((one.mark ?? 0) & mark.mask) >>> 0) === mark.value) &&
    (status === undefined || ((statusCodec.toNumber(one.status ?? {}) & mask) >>> 0) === status) &&
    agrees(one.orig, orig) && agrees(one.reply, reply);
  const asked = {
    family, zone, ...(mark ? { mark: mark.value, markMask: mark.mask } : {}),
    ...(status === undefined ? {} : { status: statusCodec.toNames(status), statusMask: statusCodec.toNames(mask) }),
  };
  return dump(operation, IPCTNL_MSG_CT.GET, conntrackMessage, asked, conntrackMessage, keep, () =>
    `conntrack -L${protocol === undefined ? '' : ` -p ${protocol}`}`);
}

const agrees = (tuple: Tuple | undefined, wanted: Partial<Tuple> | undefined): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => value === undefined || tuple?.[key as keyof Tuple] === value);

/** Without a direction, the kernel would forget every connection there is. */
function refOf({ orig, reply, zone, id }: ConntrackRef): object {
  const tuple = orig ?? reply;
  if (tuple?.src === undefined || tuple.dst === undefined) throw new EncodeError('must have src and dst', 'orig');
  return { family: familyOf(tuple), ...(orig ? { orig } : { reply }), zone, id };
}

const familyOf = ({ src }: Tuple): Family => (src?.includes(':') ? 'ip6' : 'ip');

/** The way back: ICMP answers with another type. */
function reversed({ src, dst, sport, dport, icmpType, icmpv6Type, ...rest }: Tuple): Tuple {
  const answers: { readonly [type: number]: number } =
    { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 128: 129, 129: 128 };
  const back: Tuple = { ...rest, src: dst, dst: src, sport: dport, dport: sport };
  if (icmpType !== undefined) back.icmpType = answers[icmpType] ?? icmpType;
  if (icmpv6Type !== undefined) back.icmpv6Type = answers[icmpv6Type] ?? icmpv6Type;
  return back;
}

const told = ({ orig, reply }: ConntrackRef): string => {
  const { protocol, src, dst, sport, dport } = (orig ?? reply)!;
  return [['-p', protocol], [orig ? '-s' : '-r', src], [orig ? '-d' : '-q', dst], ['--sport', sport],
    ['--dport', dport]]
    .filter(([, value]) => value !== undefined).flat().map((word) => quote(String(word))).join(' ');
};
