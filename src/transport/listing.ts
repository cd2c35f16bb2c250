import { hex } from '../bytes/hex.ts';
import { annotate, renderLine } from '../schema/annotate.ts';
import type { Protocol } from '../schema/protocol.ts';
import { memoryCopy } from './tape.ts';

/** Bytes on a line, and the columns their digits take. */
const perLine = 16, columns = 35;
/** A longer comment is cut: the bytes stand beside it anyway. */
const longest = 120;

/** A datagram as tapes show it: hex digits to the left, field by field, and to the right what they are. */
export function listing(bytes: Uint8Array, protocol: Protocol): string[] {
  const memory = memoryCopy(bytes), lines = annotate(memory, 0, bytes.length, protocol), text: string[] = [];
  let at = 0;
  lines.forEach((line, i) => {
    const end = Math.max(at, lines[i + 1]?.at ?? bytes.length), comment = '  '.repeat(line.depth) + renderLine(line);
    const cut = [...comment].length > longest ? `${[...comment].slice(0, longest - 3).join('')}...` : comment;
    text.push(row(bytes, at, Math.min(end, at + perLine), cut));
    for (at += perLine; at < end; at += perLine) text.push(row(bytes, at, Math.min(end, at + perLine)));
    at = end;
  });
  return text;
}

function row(bytes: Uint8Array, at: number, end: number, comment?: string): string {
  const groups: string[] = [];
  for (; at < end; at += 4) groups.push(hex(bytes, at, Math.min(end, at + 4)));
  const digits = groups.join(' ');
  return comment === undefined ? `  ${digits}` : `  ${digits.padEnd(columns)} | ${comment}`;
}
