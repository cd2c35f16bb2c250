import { get16, memoryOf, type Memory } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { Connection } from '../../src/conversation/connection.ts';
import { eachMessage } from '../../src/conversation/frame.ts';
import { dump } from '../../src/conversation/operation.ts';
import { errno } from '../../src/errno.ts';
import { EncodeError, NetlinkError } from '../../src/errors.ts';
import { routeProtocol } from '../../src/route/protocol.ts';
import { annotate } from '../../src/schema/annotate.ts';
import type { MessageType } from '../../src/schema/protocol.ts';
import { annotateTape, parseTape, TapeError } from '../../src/testing/index.ts';
import { renumber } from '../../src/transport/tape.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { readDone, readError } from '../../src/wire/control.ts';
import type { Roll } from '../support/generate.ts';
import { mutate } from './mutate.ts';
import { protocols, type Seeds } from './seeds.ts';
import { spoil } from './spoil.ts';
import { outcome, readWindow } from './window.ts';

/** One sort of input: made, given to what reads it, and judged. Throws where a promise is broken. */
export type Target = (roll: Roll, seeds: Seeds) => void;

const pick = <T>(from: readonly T[], roll: Roll): T => from[roll(from.length)]!;

/** A well-formed payload: one of the tapes', or made from its declaration. */
function payload(roll: Roll, seeds: Seeds): MessageType & { readonly bytes: Uint8Array } {
  return pick(roll(4) > 0 ? seeds.made : seeds.payloads, roll);
}

export const targets: { readonly [name: string]: Target } = {
  /** Payloads of every message there is; what was read of it is then sent. */
  messages(roll, seeds) {
    const { message, bytes } = payload(roll, seeds), other = () => pick(seeds.payloads, roll).bytes;
    for (let round = 0; round < 16; round++) {
      const odd = mutate(bytes, roll, other, 4096);
      const found = readWindow(odd, (m, at, end) => message.decode(m, at, end), 32 + 4 * roll(3));
      if ('value' in found && round % 4 === 0) again(message, found.value as object);
    }
  },
  /** The same, shown byte by byte. */
  dumps(roll, seeds) {
    const { message, bytes, cName } = payload(roll, seeds);
    const type = Number(protocols.flatMap(({ messages }) => Object.entries(messages)).find(([, m]) => m.cName === cName)![0]);
    const protocol = protocols.find(({ messages }) => messages[type]?.message === message)!;
    const odd = mutate(bytes, roll, () => bytes, 4096), m = memoryOf(frame(type, odd));
    annotate(m, 0, 16 + odd.length, protocol);
  },
  /** NLMSG_ERROR and NLMSG_DONE. */
  controls(roll, seeds) {
    for (let round = 0; round < 16; round++) {
      const odd = mutate(pick(seeds.controls, roll), roll, () => pick(seeds.controls, roll), 512);
      if (odd.length < 16) continue;
      for (const read of [readError, readDone]) readWindow(odd, read);
    }
  },
  /** Datagrams: their walking, and a connection that gets them as an answer. */
  datagrams(roll, seeds) {
    const odd = mutate(pick(seeds.datagrams, roll), roll, () => pick(seeds.datagrams, roll), 8192);
    readWindow(odd, (m, at, end) => walk(m, at, end));
    feed(odd);
  },
  /** The text of tapes. */
  tapes(roll, seeds) {
    const texts = seeds.texts.filter((text) => text.length < 6000);
    const odd = mutate(Buffer.from(pick(texts, roll)), roll, () => Buffer.from(pick(texts, roll)), 8192).toString('utf8');
    try {
      const text = annotateTape(parseTape(odd));
      if (annotateTape(text) !== text) throw new Error('a tape that was written is read as another');
    } catch (error) {
      if (!(error instanceof TapeError)) throw error;
    }
  },
  /** Objects with a wrong value somewhere: encoded, or refused with the way to it. */
  values: spoil,
};

/** What was read can be sent, or is refused: a kernel may say what it would not be told. */
function again(message: MessageType['message'], value: object): void {
  const w = new Writer(1024);
  w.full = true;
  try {
    message.encode(w, value);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return;
  }
  const bytes = Uint8Array.from(w.written()), m = memoryOf(bytes);
  outcome(() => message.decode(m, 0, bytes.length));
}

function walk(m: Memory, at: number, end: number): unknown {
  const from: number[] = [], bytes = m.bytes.subarray(at, end), own = memoryOf(bytes);
  return [eachMessage(own, bytes.length, (start) => from.push(start)), from];
}

function frame(type: number, bytes: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(16 + bytes.length), view = new DataView(whole.buffer, whole.byteOffset);
  view.setUint32(0, whole.length, true);
  view.setUint16(4, type, true);
  whole.set(bytes, 16);
  return whole;
}

/** A connection is given it as the answer to a dump of its type. */
function feed(bytes: Uint8Array): void {
  const type = bytes.length < 6 ? 16 : get16(memoryOf(bytes), 4);
  const { message } = routeProtocol.messages[type] ?? routeProtocol.messages[16]!;
  const connection = new Connection(answering(bytes), routeProtocol, { timeout: 0 });
  const pending = connection.begin(dump('fuzz', type, message, {}, message), connection.call());
  connection.settleSync([pending]);
  if (pending.state === 'waiting') throw new Error('it waits for ever');
  if (pending.state === 'failed' && !(pending.value instanceof NetlinkError)) throw pending.value;
  connection.close();
}

function answering(bytes: Uint8Array): Transport {
  let next: Uint8Array | undefined;
  return {
    protocol: 0, port: 1, sendLimit: 65536, receiveLimit: 65536,
    send(request) {
      const sequence = memoryOf(request).u32[2]!;
      next = renumber(bytes, (_, port) => [sequence, port]);
    },
    receive(datagram) {
      const length = next?.length ?? -errno.EAGAIN;
      datagram.memory.bytes.set(next?.subarray(0, datagram.memory.bytes.length) ?? []);
      datagram.sender = 0;
      next = undefined;
      return length;
    },
    wait: () => false,
    watch: () => ({ start() {}, stop() {}, ref() {}, unref() {}, close() {} }),
    join() {}, leave() {}, openNamespace: () => 3, closeNamespace() {}, close() {},
  };
}
