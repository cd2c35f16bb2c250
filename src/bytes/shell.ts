import { encodeText, printable } from './text.ts';

/**
 * A word of a shell command, quoted where it must be, so that a name cannot say more than a name. What must not reach a
 * terminal is written in octal, the one escape that all shells with `$'...'` read alike; where a shell does not know
 * that, the word is a wrong name and still no more than one.
 */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return printable(word) === word ? `'${word.replaceAll(`'`, `'\\''`)}'` : `$'${[...encodeText(word)].map(character).join('')}'`;
}

/** A word with its value, where there is one: `parent 1:`, but `root`. */
export const optional = (word: string, value: unknown): string => (value === undefined ? '' : ` ${word} ${quote(String(value))}`);

/** A byte between `$'` and `'`: no quote and no backslash stands there for itself. */
const character = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
