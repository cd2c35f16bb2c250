import { get16, get32, set16, set32 } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { bindable } from '../../../src/conversation/bindable.ts';
import { clients } from '../../../src/conversation/client.ts';
import { Connection, type ConnectionOptions } from '../../../src/conversation/connection.ts';
import { acknowledged, ask, done, dump, single, type Steps } from '../../../src/conversation/operation.ts';
import { errno } from '../../../src/errno.ts';
import { attribute, attributes } from '../../../src/schema/attributes.ts';
import { cstring } from '../../../src/schema/leaves.ts';
import { message, type Decoded } from '../../../src/schema/message.ts';
import { u32 } from '../../../src/schema/numbers.ts';
import { protocol } from '../../../src/schema/protocol.ts';
import { field, struct } from '../../../src/schema/struct.ts';
import { eachHeader, memoryCopy } from '../../../src/transport/tape.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { headerSize, NLM_F, NLMSG } from '../../../src/wire/header.ts';

/** A family with just enough in it. */
const options = attributes({ depth: attribute('THING_DEPTH', 1, u32), width: attribute('THING_WIDTH', 2, u32) });
export const thing = message('thing', struct('thingmsg', 4, { index: field('tm_index', 0, u32) }), attributes({
  name: attribute('THING_NAME', 1, cstring),
  size: attribute('THING_SIZE', 2, u32),
  options: attribute('THING_OPTIONS', 3, options),
}));
export type Thing = Decoded<typeof thing>;
export const NEW = 16, DEL = 17, GET = 18;
export const things = protocol('TEST', 31, {
  [NEW]: { cName: 'TEST_NEW', message: thing }, [DEL]: { cName: 'TEST_DEL', message: thing }, [GET]: { cName: 'TEST_GET', message: thing },
});

export const families = {
  thing: {
    get: (index: number) => single('thing.get', GET, 0, thing, { index }, thing),
    list: (keep?: (thing: Thing) => boolean) => dump('thing.list', GET, thing, {}, thing, keep),
    add: (value: object) => acknowledged('thing.add', NEW, NLM_F.CREATE, thing, value, () => 'thing add'),
    delete: (index: number) => ({ ...acknowledged('thing.delete', DEL, 0, thing, { index }), forgets: 'thing' }),
    /** Looks a thing up by its index, then adds one of the next size. */
    *grow(index: number): Steps<void> {
      const { size = 0 } = yield* ask({ ...single('thing.grow', GET, 0, thing, { index }, thing), memo: `thing ${index}` });
      return acknowledged('thing.grow', NEW, 0, thing, { index, size: size + 1 });
    },
    /** Fails to read its answer. */
    odd: () => ({ ...single('thing.odd', GET, 0, thing, { index: 7 }, thing), answer: {
      ends: 'one' as const, read() { throw new Error('cannot read'); }, finish: () => undefined,
    } }),
    *inNamespace(path: string): Steps<number> {
      return done((yield { namespace: path }) as number);
    },
  },
};

export interface Request {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly value: Thing;
  readonly bytes: Uint8Array;
}

/** What may come back: a datagram, one of somebody else, or a negated errno. */
export type Reply = Uint8Array | { readonly bytes: Uint8Array; readonly sender: number; readonly length?: number } | number;

export interface Script extends Transport {
  readonly requests: Request[];
  /** Datagrams sent. */
  readonly sends: number;
  readonly namespaces: { opened: string[]; closed: number[] };
  readonly watching: boolean;
  readonly closed: boolean;
  /** More comes, unasked. */
  push(...replies: Reply[]): void;
  /** How often somebody waited synchronously. */
  readonly waits: number;
  /** Replies that were not received yet. */
  readonly unread: number;
}

/** A kernel that answers as `answer` says, inside send() as the real one does. */
export function script(answer: (request: Request, all: readonly Request[]) => readonly Reply[], limits: { sendLimit?: number; receiveLimit?: number } = {}): Script {
  const queue: Reply[] = [], requests: Request[] = [], namespaces = { opened: [] as string[], closed: [] as number[] };
  let wake: (() => void) | undefined, watching = false, closed = false, sends = 0, waits = 0;
  const turn = (): void => void setImmediate(() => {
    if (!watching || queue.length === 0) return;
    wake?.();
    turn();
  });
  return {
    protocol: 31, port: 99, sendLimit: limits.sendLimit ?? 65536, receiveLimit: limits.receiveLimit ?? 212_992, requests, namespaces,
    get sends() { return sends; },
    get watching() { return watching; },
    get closed() { return closed; },
    get waits() { return waits; },
    get unread() { return queue.length; },
    push(...replies) {
      queue.push(...replies);
      turn();
    },
    send(bytes) {
      sends++;
      const m = memoryCopy(bytes), these: Request[] = [];
      eachHeader(m, bytes.length, (at, end) => these.push({
        type: get16(m, at + 4), flags: get16(m, at + 6), sequence: get32(m, at + 8),
        value: thing.decode(m, at + headerSize, end), bytes: bytes.slice(at, end),
      }));
      requests.push(...these);
      for (const request of these) queue.push(...answer(request, these));
    },
    receive(datagram) {
      const reply = queue.shift();
      if (reply === undefined) return -errno.EAGAIN;
      if (typeof reply === 'number') return reply;
      const { bytes, sender, length } = reply instanceof Uint8Array ? { bytes: reply, sender: 0 } : { ...reply };
      datagram.memory.bytes.set(bytes.subarray(0, datagram.memory.bytes.length));
      datagram.sender = sender;
      return length ?? bytes.length;
    },
    wait() {
      waits++;
      return queue.length > 0;
    },
    watch(readable) {
      wake = readable;
      return {
        start() { watching = true; turn(); }, stop() { watching = false; }, ref() {}, unref() {},
        close() { watching = false; },
      };
    },
    join() {}, leave() {},
    openNamespace(path) {
      namespaces.opened.push(path);
      return 40 + namespaces.opened.length;
    },
    closeNamespace: (fd) => void namespaces.closed.push(fd),
    close() { closed = true; },
  };
}

export const talk = (transport: Transport, given: ConnectionOptions = {}) => clients(bindable(families))(new Connection(transport, things, given), {});

/** A message with a thing in it. */
export function reply(sequence: number, value: object, flags = 0, type = NEW): Uint8Array {
  return frame(type, flags, sequence, (w) => thing.encode(w, value));
}

/** Attributes of an extended acknowledgement, by number. */
export type Tlvs = { readonly [number: number]: string | number };

export function ack(sequence: number, number = 0, tlvs: Tlvs = {}, capped = true): Uint8Array {
  const said = Object.keys(tlvs).length > 0;
  return frame(NLMSG.ERROR, (capped ? NLM_F.CAPPED : 0) | (said ? NLM_F.ACK_TLVS : 0), sequence, (w) => {
    w.u32(-number >>> 0);
    w.take(headerSize);
    set32(w.memory, w.at - headerSize, headerSize);
    writeTlvs(w, tlvs);
  });
}

export const finish = (sequence: number, number = 0, flags = 0, tlvs: Tlvs = {}): Uint8Array =>
  frame(NLMSG.DONE, NLM_F.MULTI | flags | (Object.keys(tlvs).length > 0 ? NLM_F.ACK_TLVS : 0), sequence, (w) => {
    w.u32(-number >>> 0);
    writeTlvs(w, tlvs);
  });

/** The answer to a dump: each thing in a datagram of its own, then DONE. */
export const table = (sequence: number, values: readonly object[], flags = 0): Uint8Array[] =>
  [...values.map((value) => reply(sequence, value, NLM_F.MULTI | flags)), finish(sequence)];

export function frame(type: number, flags: number, sequence: number, payload: (w: Writer) => void = () => {}): Uint8Array {
  const w = new Writer();
  w.take(headerSize);
  payload(w);
  set32(w.memory, 0, w.at);
  set16(w.memory, 4, type);
  set16(w.memory, 6, flags);
  set32(w.memory, 8, sequence);
  set32(w.memory, 12, 99);
  w.align();
  return new Uint8Array(w.written());
}

function writeTlvs(w: Writer, tlvs: Tlvs): void {
  for (const [type, value] of Object.entries(tlvs)) {
    const start = w.open(Number(type));
    if (typeof value === 'number') w.u32(value);
    else cstring.write(w, value, {}, 0);
    w.close(start);
  }
}

/** A kernel with things of the indexes given; others are ENODEV. */
export const kernel = (indexes: readonly number[]) => ({ type, flags, sequence, value }: Request): Uint8Array[] => {
  if (type === GET && flags & NLM_F.DUMP) return table(sequence, indexes.map((index) => ({ index, name: `thing${index}` })));
  if (type === GET) return indexes.includes(value.index) ? [reply(sequence, { index: value.index, size: value.index * 10 })] : [ack(sequence, errno.ENODEV)];
  const failed = type === DEL && !indexes.includes(value.index);
  return failed || flags & NLM_F.ACK ? [ack(sequence, failed ? errno.ENODEV : 0)] : [];
};
