import { get32, set16, set32, type Memory } from '../../bytes/memory.ts';
import { encodeText } from '../../bytes/text.ts';
import { Writer } from '../../bytes/writer.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { headerSize, NLM_F, NLMSG } from '../../wire/header.ts';
import type { Refusal } from './refusal.ts';
import { offsetOf } from './request.ts';

/** Whom an answer is for. */
export interface Receiver {
  readonly sequence: number;
  readonly port: number;
}

/** Writes a message; returns where it starts. */
function put(w: Writer, type: number, flags: number, { sequence, port }: Receiver, payload: () => void): number {
  const start = w.take(headerSize);
  payload();
  set32(w.memory, start, w.at - start);
  set16(w.memory, start + 4, type);
  set16(w.memory, start + 6, flags);
  set32(w.memory, start + 8, sequence);
  set32(w.memory, start + 12, port);
  w.align();
  return start;
}

const bytesOf = (w: Writer, from = 0): Uint8Array => Uint8Array.from(w.written(from));

/** A message of one object, as the kernel fills it in. */
export function writeMessage(type: number, value: object, flags: number, receiver: Receiver, protocol: Protocol): Uint8Array {
  const w = new Writer();
  w.full = true;
  put(w, type, flags, receiver, () => protocol.messages[type]!.message.encode(w, value));
  return bytesOf(w);
}

/** NLMSG_ERROR: an acknowledgement where `errno` is 0. Capped, it repeats only the request's header. */
export function writeError(refusal: Refusal, request: Memory, receiver: Receiver, protocol: Protocol, capped: boolean): Uint8Array {
  const { errno, text, at, missing } = refusal, w = new Writer();
  const offset = at === undefined ? undefined : offsetOf(request, at, protocol);
  const said = text !== undefined || offset !== undefined || missing !== undefined;
  const whole = get32(request, 0), length = capped || errno === 0 ? headerSize : whole;
  put(w, NLMSG.ERROR, (length < whole || capped ? NLM_F.CAPPED : 0) | (said ? NLM_F.ACK_TLVS : 0), receiver, () => {
    w.u32(-errno >>> 0);
    w.bytes(request.bytes.subarray(0, length));
    w.align();
    if (text !== undefined) tlv(w, 1, () => (w.bytes(encodeText(text)), w.u8(0)));
    if (offset !== undefined) tlv(w, 2, () => w.u32(offset));
    if (missing !== undefined) tlv(w, 5, () => w.u32(missing));
  });
  return bytesOf(w);
}

function tlv(w: Writer, type: number, payload: () => void): void {
  const start = w.open(type);
  payload();
  w.close(start);
}

/** The end of a dump. */
export function writeDone(flags: number, receiver: Receiver): Uint8Array {
  const w = new Writer();
  put(w, NLMSG.DONE, NLM_F.MULTI | flags, receiver, () => w.u32(0));
  return bytesOf(w);
}

/** Messages as datagrams of at most `most` bytes; a larger message has one of its own. */
export function inDatagrams(messages: readonly Uint8Array[], most: number): Uint8Array[] {
  const datagrams: Uint8Array[][] = [];
  let size = Infinity;
  for (const message of messages) {
    if (size + message.length > most) {
      datagrams.push([]);
      size = 0;
    }
    datagrams.at(-1)!.push(message);
    size += message.length;
  }
  return datagrams.map((parts) => Buffer.concat(parts));
}
