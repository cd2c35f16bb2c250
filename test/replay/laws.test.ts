// timeout: 300 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape, tapes } from '../../scripts/annotate.ts';
import { get16 } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { Connection } from '../../src/conversation/connection.ts';
import { eachMessage } from '../../src/conversation/frame.ts';
import { dump } from '../../src/conversation/operation.ts';
import { errno } from '../../src/errno.ts';
import { DecodeError, NetlinkError } from '../../src/errors.ts';
import type { Protocol } from '../../src/schema/protocol.ts';
import { annotateTape, parseTape } from '../../src/testing/index.ts';
import { protocolOf } from '../../src/testing/protocols.ts';
import { memoryCopy, protocolsOf, renumber } from '../../src/transport/tape.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { headerSize, NLMSG_MIN_TYPE } from '../../src/wire/header.ts';

interface Found {
  readonly tape: string;
  readonly protocol: Protocol;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Tapes of what no kernel sends: the laws about meaning do not hold for them. */
const broken = (path: string): boolean => path.startsWith('broken/');
const sent: Found[] = [], received: Found[] = [], datagrams: { tape: string; protocol: Protocol; bytes: Uint8Array }[] = [];

for (const path of tapes()) {
  const tape = parseTape(readTape(path)), numbers = protocolsOf(tape);
  for (const entry of tape.entries) {
    if (entry.type !== 'send' && entry.type !== 'receive') continue;
    const protocol = protocolOf(numbers(entry.socket)), m = memoryCopy(entry.bytes), into = entry.type === 'send' ? sent : received;
    if (entry.type === 'receive') datagrams.push({ tape: path, protocol, bytes: entry.bytes });
    const rest = eachMessage(m, entry.bytes.length, (at, end) => into.push({ tape: path, protocol, type: get16(m, at + 4), bytes: entry.bytes.subarray(at, end) }));
    if (!broken(path) && rest !== -1 && !(entry.type === 'receive' && entry.length > entry.bytes.length)) throw new Error(`${path}: a datagram that is not made of messages`);
  }
}

const ofProtocol = (found: readonly Found[]): Found[] => found.filter(({ tape, type }) => type >= NLMSG_MIN_TYPE && !broken(tape));

function decode({ protocol, type, bytes }: Omit<Found, 'tape'>): object {
  return protocol.messages[type]!.message.decode(memoryCopy(bytes), headerSize, bytes.length);
}

function encode({ protocol, type }: Found, value: object, full: boolean): Uint8Array {
  const w = new Writer();
  w.full = full;
  protocol.messages[type]!.message.encode(w, value);
  return new Uint8Array(w.written());
}

test('every tape is annotated as the declarations say (npm run annotate)', () => {
  for (const path of tapes()) {
    const text = readTape(path);
    assert.is(annotateTape(text), text, path);
  }
});

test('no tape tells a port, a process or a folder of the machine it was recorded on', () => {
  for (const path of tapes()) {
    for (const entry of parseTape(readTape(path)).entries)
      if (entry.type === 'namespace') assert.match(entry.path, /^\/(run\/netns|proc\/PID\/ns)\/|^\/proc\/PID\//, path);
    assert.not.match(readTape(path), /\/(home|root|tmp|work)\//, path);
  }
});

test('every message is declared and is read', () => {
  for (const found of ofProtocol([...sent, ...received])) {
    assert.ok(found.protocol.messages[found.type], `${found.tape}: type ${found.type} is not declared`);
    decode(found);
  }
});

/**
 * What a request loses when it is read: of ifi_change, the bits of flags that are taken away. Links say which flags they
 * have, not which they have not.
 */
function canonical({ protocol, type, bytes }: Found): Uint8Array {
  const m = memoryCopy(bytes.subarray(headerSize));
  if (protocol.number === 0 && type >= 16 && type <= 19) m.u32[3] = m.u32[3]! & m.u32[2]!;
  return m.bytes.subarray(0, bytes.length - headerSize);
}

/**
 * Routes and rules have their table twice, in the header and as an attribute. Which of the attributes it is says
 * nothing, and a listing that asks for any table has none: it stands last here, or nowhere where `like` has none.
 */
function tableLast({ protocol, type }: Found, body: Uint8Array, like: Uint8Array): Uint8Array {
  if (protocol.number !== 0 || ![24, 25, 26, 32, 33, 34].includes(type)) return body;
  const attributesOf = (from: Uint8Array): Uint8Array[] => {
    const m = memoryCopy(from), found: Uint8Array[] = [];
    for (let at = 12, next = 0; at + 4 <= from.length; at = next) {
      next = (at + get16(m, at) + 3) & ~3;
      found.push(m.bytes.subarray(at, next));
    }
    return found;
  };
  const isTable = (attribute: Uint8Array): boolean => get16(memoryCopy(attribute), 2) === 15;
  const others = attributesOf(body).filter((attribute) => !isTable(attribute)), told = attributesOf(like).some(isTable);
  return Buffer.concat([body.subarray(0, 12), ...others, ...(told ? attributesOf(body).filter(isTable) : [])]);
}

test('a request that is read and written again has the same bytes', () => {
  for (const found of ofProtocol(sent)) {
    const was = canonical(found), again = encode(found, decode(found), true);
    const [ours, theirs] = [again, was].map((body) => Buffer.from(tableLast(found, body, was)).toString('hex'));
    assert.is(ours, theirs, found.tape);
  }
});

/** A value without what the kernel reckons by itself and does not take from anybody: how deep a class of htb lies. */
const untold = (value: object): object => {
  const { options, ...rest } = value as { options?: object };
  return options === undefined ? value : { ...rest, options: { ...options, level: undefined } };
};

test('an answer that is read, written and read again is the same', () => {
  for (const found of ofProtocol(received)) {
    const value = decode(found), again = encode(found, value, true);
    const bytes = Buffer.concat([found.bytes.subarray(0, headerSize), again]);
    assert.equal(untold(decode({ ...found, bytes })), untold(value), found.tape);
  }
});

/** The ends of all prefixes of short messages, of some of long ones. */
function cuts(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 200));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}

test('a message that ends early is read as far as it goes or refused with a DecodeError', () => {
  let count = 0;
  for (const found of ofProtocol(received))
    for (const end of cuts(found.bytes.length - headerSize)) {
      count++;
      try {
        decode({ ...found, bytes: found.bytes.subarray(0, headerSize + end) });
      } catch (error) {
        assert.instance(error, DecodeError, `${found.tape}, ${end} bytes: ${error}`);
      }
    }
  assert.ok(count > 10_000, `${count}`);
});

/** A kernel that answers every request with the datagrams given, their sequence number put in. */
function answering(datagrams: readonly Uint8Array[]): Transport {
  let queue: Uint8Array[] = [];
  return {
    protocol: 0, port: 1, sendLimit: 65536, receiveLimit: 65536,
    send(bytes) {
      const sequence = memoryCopy(bytes).u32[2]!;
      queue = datagrams.map((datagram) => renumber(datagram, (_, port) => [sequence, port]));
    },
    receive(datagram) {
      const next = queue.shift();
      if (!next) return -errno.EAGAIN;
      datagram.memory.bytes.set(next.subarray(0, datagram.memory.bytes.length));
      datagram.sender = 0;
      return next.length;
    },
    wait: () => false,
    watch: () => ({ start() {}, stop() {}, ref() {}, unref() {}, close() {} }),
    join() {}, leave() {}, openNamespace: () => 3, closeNamespace() {}, close() {},
  };
}

/** Reads the answer as a dump of its type, or of another where it is none of ours. Nothing but our own errors may come of it. */
function feed(bytes: Uint8Array, protocol: Protocol, tape: string): void {
  const m = memoryCopy(bytes), type = bytes.length < 6 ? 16 : get16(m, 4);
  const { message } = protocol.messages[type] ?? Object.values(protocol.messages)[0]!;
  const connection = new Connection(answering([bytes]), protocol, { timeout: 0 });
  const pending = connection.begin(dump('law', type, message, {}, message), connection.call());
  connection.settleSync([pending]);
  if (pending.state === 'failed') assert.instance(pending.value, NetlinkError, `${tape}: ${pending.value}`);
  assert.is.not(pending.state, 'waiting', tape);
  connection.close();
}

test('a connection survives every cut of an answer', () => {
  let count = 0;
  for (const { tape, protocol, bytes } of datagrams)
    for (const end of cuts(Math.min(bytes.length, 400))) {
      feed(bytes.subarray(0, end), protocol, tape);
      count++;
    }
  assert.ok(count > 1000, `${count}`);
});

test('a connection survives answers with wrong bytes in them', () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  for (const { tape, protocol, bytes } of datagrams)
    for (let round = 0; round < 20; round++) {
      const wrong = new Uint8Array(bytes);
      for (let i = 0; i <= random(4) && wrong.length > 0; i++) wrong[random(Math.min(wrong.length, 2000))] = random(256);
      feed(wrong, protocol, `${tape}, seed ${seed}`);
    }
});

test('annotating survives the same', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  for (const path of tapes().filter((path) => readTape(path).length < 20_000)) {
    const tape = parseTape(readTape(path));
    const entries = tape.entries.map((entry) => {
      if (entry.type !== 'receive' || entry.bytes.length === 0) return entry;
      const bytes = new Uint8Array(entry.bytes);
      for (let i = 0; i < 3; i++) bytes[random(bytes.length)] = random(256);
      return { ...entry, bytes };
    });
    const text = annotateTape({ ...tape, entries });
    assert.is(annotateTape(text), text, path);
    parseTape(text).entries.forEach((entry, i) => {
      const was = entries[i]!;
      if (entry.type === 'receive' && was.type === 'receive') assert.equal(Buffer.from(entry.bytes), Buffer.from(was.bytes));
    });
  }
});

test.run();
