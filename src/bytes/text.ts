/**
 * Strings of the kernel. Interface names may hold nearly any byte, and not every name is UTF-8: a byte that is not
 * part of valid UTF-8 becomes the lone surrogate U+DC80..U+DCFF (as Python's surrogateescape has it) and goes back
 * to the same byte, so that every name survives a round trip.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text from `at` up to the first NUL or `end`. A missing NUL is no fault: the kernel forgets it at times. */
export function getText(bytes: Buffer, at: number, end: number): string {
  let stop = at, high = 0;
  for (; stop < end; stop++) {
    const byte = bytes[stop]!;
    if (byte === 0) break;
    high |= byte;
  }
  if (high < 0x80) return bytes.toString('latin1', at, stop);
  return decodeText(bytes.subarray(at, stop));
}

/** `getText` for a place where the same text comes again and again, as the label of many addresses. */
export function repeatedText(): typeof getText {
  let last = '';
  return (bytes, at, end) => {
    const { length } = last, stop = at + length;
    let same = 0;
    if (stop > end || (stop < end && bytes[stop] !== 0)) return last = getText(bytes, at, end);
    while (same < length && bytes[at + same]! < 0x80 && bytes[at + same] === last.charCodeAt(same)) same++;
    return same === length ? last : (last = getText(bytes, at, end));
  };
}

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const length = sequenceLength(bytes, at);
      if (length === 0) text += String.fromCharCode(0xdc00 | bytes[at++]!);
      else text += strict.decode(bytes.subarray(at, (at += length)));
    }
    return text;
  }
}

/** The bytes of `text` without a NUL. */
export function encodeText(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code & 0xff) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** What does more to a terminal than be seen: control, format (bidirectional, invisible) and separating characters, stray bytes. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const short: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text made safe for a terminal or a log: what must not reach it is written as in a string of JavaScript, `\u009b`. */
export const printable = (text: string): string => text.replace(unprintable, (character) => short[character] ?? escaped(character));

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/** How many bytes at `at` are one valid UTF-8 sequence; 0 if none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
