import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get16, memoryOf, type Memory } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { eachMessage, writeRequest } from '../../src/conversation/frame.ts';
import { isSteps, type Exchange, type Operation } from '../../src/conversation/operation.ts';
import type { Protocol } from '../../src/schema/protocol.ts';
import { headerSize } from '../../src/wire/header.ts';

/** A request as it was sent. */
export interface Sent {
  readonly cName: string;
  readonly flags: number;
  /** What the declarations make of it. */
  readonly value: any;
  readonly hex: string;
}

/** The requests that a program sends, as strace sees them; whether the kernel takes them is another matter. */
export function sentBy(protocol: Protocol, program: string, ...args: string[]): Sent[] {
  const folder = mkdtempSync(join(tmpdir(), 'sent-')), file = join(folder, 'strace');
  try {
    const { error } = spawnSync('strace', ['-f', '-o', file, '-e', 'trace=sendmsg,sendto', '-e', 'write=all', program, ...args], { encoding: 'utf8' });
    if (error) throw error;
    return datagrams(readFileSync(file, 'utf8')).flatMap((bytes) => requests(protocol, memoryOf(bytes), bytes.length));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an operation sends: it must be one that asks nothing before. */
export function sentByUs(protocol: Protocol, operation: Operation<unknown>): Sent {
  const last = isSteps(operation) ? operation.next() : { done: true, value: operation };
  if (!last.done) throw new Error('the operation asks something first: give it the index of the link');
  const w = new Writer();
  writeRequest(w, last.value as Exchange<unknown>, 0);
  return requests(protocol, w.memory, w.at)[0]!;
}

function requests(protocol: Protocol, m: Memory, length: number): Sent[] {
  const found: Sent[] = [];
  eachMessage(m, length, (at, end) => {
    const known = protocol.messages[get16(m, at + 4)];
    if (known) found.push({ cName: known.cName, flags: get16(m, at + 6), value: known.message.decode(m, at + headerSize, end), hex: m.bytes.toString('hex', at, end) });
  });
  return found;
}

/** The buffers of strace's dumps, each of which is a datagram. */
function datagrams(text: string): Uint8Array[] {
  const found: number[][] = [];
  let bytes: number[] | undefined;
  for (const line of text.split('\n')) {
    const hex = /\| [0-9a-f]+ {2}((?:[0-9a-f]{2} {1,2})+)/.exec(line)?.[1];
    if (!hex) bytes = undefined;
    else {
      if (!bytes) found.push(bytes = []);
      bytes.push(...hex.trim().split(/ +/).map((pair) => parseInt(pair, 16)));
    }
  }
  return found.map((bytes) => Uint8Array.from(bytes));
}
