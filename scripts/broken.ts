/**
 * Writes the tapes of fixtures/broken/: answers that no kernel sends, made from one that a kernel sent.
 *
 *     npm run broken
 *
 * Each asks for a link twice. The first answer is damaged, the second is not. What must come of the first stands in the
 * tape, as a comment: a DecodeError, nothing until the deadline, or the kernel's own refusal.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { annotateTape, parseTape, type Entry, type EntryOf } from '../src/testing/index.ts';
import { renumber } from '../src/transport/tape.ts';
import { readTape } from './annotate.ts';

/** The code of the error that the first call must fail with; `waits` where only the deadline ends it. */
type Outcome = 'an answer' | 'ERR_DECODE' | 'waits' | 'ENOBUFS' | 'EPERM';

interface Damage {
  readonly title: string;
  readonly outcome: Outcome;
  /** What is received in place of the answer `whole`; `sequence` is that of the request. */
  damage(whole: Buffer): Buffer | readonly Buffer[];
  /** Who it is from; the kernel unless said. */
  readonly sender?: number;
}

const header = 16, ifinfomsg = 16, firstAttribute = header + ifinfomsg;
const changed = (whole: Buffer, change: (copy: Buffer) => unknown): Buffer => {
  const copy = Buffer.from(whole);
  change(copy);
  return copy;
};
const length = (whole: Buffer, value: number): Buffer => changed(whole, (copy) => copy.writeUInt32LE(value, 0));
/** The first `size` bytes, with a header that says so. */
const short = (whole: Buffer, size: number): Buffer => length(whole.subarray(0, size), size);
const type = (whole: Buffer, value: number): Buffer => changed(whole, (copy) => copy.writeUInt16LE(value, 4));
const attribute = (whole: Buffer, size: number): Buffer => changed(whole, (copy) => copy.writeUInt16LE(size, firstAttribute));

export const damages: { readonly [name: string]: Damage } = {
  'empty': { title: 'A datagram without a byte', outcome: 'waits', damage: () => Buffer.alloc(0) },
  'cut-in-header': { title: 'A datagram that ends within the header', outcome: 'ERR_DECODE', damage: (whole) => whole.subarray(0, 10) },
  'cut-in-message': { title: 'A datagram that ends before its message does', outcome: 'ERR_DECODE', damage: (whole) => whole.subarray(0, 100) },
  'cut-in-struct': { title: 'A message that ends within struct ifinfomsg: what is not there is zero', outcome: 'an answer', damage: (whole) => short(whole, header + 6) },
  'cut-in-attribute': { title: 'A message that ends within an attribute', outcome: 'ERR_DECODE', damage: (whole) => short(whole, firstAttribute + 6) },
  'zero-length': { title: 'A message whose length is zero', outcome: 'ERR_DECODE', damage: (whole) => length(whole, 0) },
  'length-below-header': { title: 'A message that is shorter than its own header', outcome: 'ERR_DECODE', damage: (whole) => length(whole, 8) },
  'length-beyond': { title: 'A message that is longer than the datagram', outcome: 'ERR_DECODE', damage: (whole) => length(whole, whole.length + 4) },
  'length-huge': { title: 'A message of four gigabytes', outcome: 'ERR_DECODE', damage: (whole) => length(whole, 0xfffffffc) },
  'unaligned': { title: 'A message of odd length, and bytes behind it that belong to none', outcome: 'ERR_DECODE',
    damage: (whole) => changed(Buffer.concat([type(short(whole, 19), 2), Buffer.alloc(2)]), (copy) => copy.writeUInt32LE(99, 8)) },
  'garbage': { title: 'Bytes that are nothing', outcome: 'ERR_DECODE', damage: (whole) => Buffer.alloc(whole.length, 0xa5) },
  'garbage-behind': { title: 'Bytes that are nothing, behind a message of somebody else', outcome: 'ERR_DECODE',
    damage: (whole) => Buffer.concat([changed(short(whole, 32), (copy) => copy.writeUInt32LE(99, 8)), Buffer.alloc(7, 0xff)]) },
  'attribute-zero-length': { title: 'An attribute whose length is zero', outcome: 'ERR_DECODE', damage: (whole) => attribute(whole, 0) },
  'attribute-below-header': { title: 'An attribute that is shorter than its own header', outcome: 'ERR_DECODE', damage: (whole) => attribute(whole, 3) },
  'attribute-beyond': { title: 'An attribute that is longer than its message', outcome: 'ERR_DECODE', damage: (whole) => attribute(whole, 0xffff) },
  'wrong-type': { title: 'An answer of another type, which is too short for it', outcome: 'ERR_DECODE', damage: (whole) => type(short(whole, header + 4), 20) },
  'wrong-sequence': { title: 'An answer to a question that nobody asked', outcome: 'waits', damage: (whole) => changed(whole, (copy) => copy.writeUInt32LE(99, 8)) },
  'wrong-sender': { title: 'An answer that is not from the kernel', outcome: 'waits', sender: 1001, damage: (whole) => whole },
  'noop': { title: 'A message that says nothing', outcome: 'waits', damage: (whole) => type(short(whole, header), 1) },
  'error-cut': { title: 'A refusal that ends before it says why', outcome: 'ERR_DECODE', damage: (whole) => type(short(whole, header + 2), 2) },
  'done-cut': { title: 'An end without a reason', outcome: 'ERR_DECODE', damage: (whole) => type(short(whole, header), 3) },
  'error-of-nothing': { title: 'A refusal that does not repeat the request', outcome: 'EPERM',
    damage: (whole) => changed(type(short(whole, header + 4), 2), (copy) => copy.writeInt32LE(-1, header)) },
  'overrun': { title: 'The kernel says that messages were lost', outcome: 'ENOBUFS', damage: (whole) => type(short(whole, header), 4) },
};

const commentOf = (outcome: Outcome): string => (outcome === 'waits' ? 'comes to: nothing, until the deadline' : `comes to: ${outcome}`);

export function brokenTape({ title, outcome, damage, sender = 0 }: Damage): string {
  const whole = parseTape(readTape('link/get-index.tape'));
  const [socket, send, receive] = whole.entries as [EntryOf<'socket'>, EntryOf<'send'>, EntryOf<'receive'>];
  const again = <E extends EntryOf<'send'> | EntryOf<'receive'>>(entry: E): E => ({ ...entry, bytes: renumber(entry.bytes, (_, port) => [2, port]) });
  const damaged = [damage(Buffer.from(receive.bytes))].flat() as Buffer[];
  const entries: Entry[] = [
    { ...socket, comments: [commentOf(outcome)] }, send,
    ...damaged.map((bytes): Entry => ({ ...receive, sender, bytes: new Uint8Array(bytes), length: bytes.length })),
    ...(outcome === 'waits' ? [{ type: 'silence', socket: socket.socket } as const] : []),
    again(send), again(receive),
  ];
  return annotateTape({ ...whole, title, kernel: '', entries });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'fixtures/broken');
  mkdirSync(folder, { recursive: true });
  for (const [name, damage] of Object.entries(damages)) writeFileSync(join(folder, `${name}.tape`), brokenTape(damage));
}
