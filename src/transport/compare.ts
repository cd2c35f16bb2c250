import { hex } from '../bytes/hex.ts';
import { annotate, renderLine, type Line } from '../schema/annotate.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Difference } from './mismatch.ts';
import { memoryCopy, renumber } from './tape.ts';

export interface CompareOptions {
  /** Attributes may stand in another order. */
  readonly loose: boolean;
  /** Fields that may differ: `options.peer.address` or `IFLA_ADDRESS`. */
  readonly ignore: readonly string[];
}

/** A line of an annotated datagram, and what of its bytes counts. */
interface Item {
  readonly path: string;
  readonly line: Line;
  readonly depth: number;
  readonly text: string;
  /** The bytes without lengths: those differ wherever anything inside does. */
  readonly counts: string;
}

/** The first difference between two requests, their sequence numbers and ports aside; undefined where there is none. */
export function compare(sent: Uint8Array, recorded: Uint8Array, protocol: Protocol, options: CompareOptions): Difference | undefined {
  const bare = (bytes: Uint8Array): Uint8Array => renumber(bytes, () => [0, 0]);
  const ours = bare(sent), theirs = bare(recorded);
  if (Buffer.compare(ours, theirs) === 0) return undefined;
  const order = options.loose ? sorted : (items: Item[]) => items;
  const a = order(itemsOf(ours, protocol, options.ignore)), b = order(itemsOf(theirs, protocol, options.ignore));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const mine = a[i], other = b[i];
    if (mine && other && same(mine, other)) continue;
    if (mine && other && mine.path === other.path && mine.line.cName === other.line.cName) return difference(mine, mine, other);
    // something is there on one side alone: on the side that has what the other side has only later, or never
    const ahead = mine && b.slice(i).some((item) => key(item) === key(mine));
    return other && (!mine || ahead) ? difference(other, undefined, other) : difference(mine!, mine, undefined);
  }
  return undefined;
}

/** Two requests side by side, the lines that differ marked. */
export function sideBySide(sent: Uint8Array, recorded: Uint8Array, protocol: Protocol): string {
  const left = itemsOf(recorded, protocol, []), right = itemsOf(sent, protocol, []);
  if (left.length * right.length > 1_000_000) return '';
  const cell = (item: Item | undefined, width: number): string => {
    const text = item ? '  '.repeat(item.depth) + item.text : '';
    return text.length > width ? `${text.slice(0, width - 3)}...` : text.padEnd(width);
  };
  const width = Math.min(60, Math.max(10, ...left.map(({ depth, text }) => 2 * depth + text.length)));
  const rows = aligned(left, right).map(([a, b]) => {
    const mark = a && b && same(a, b) ? ' ' : '!';
    return `  ${cell(a, width)} ${mark} ${b ? '  '.repeat(b.depth) + b.text : ''}`.trimEnd();
  });
  return [`  ${'the tape'.padEnd(width)}   sent`, ...rows].join('\n');
}

const key = (item: Item): string => `${item.path} ${item.line.cName}`;
const same = (a: Item, b: Item): boolean => key(a) === key(b) && a.counts === b.counts;
const sorted = (items: Item[]): Item[] =>
  [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.counts < b.counts ? -1 : a.counts > b.counts ? 1 : 0));

function difference(about: Item, sent: Item | undefined, recorded: Item | undefined): Difference {
  const text = (item: Item | undefined): string | undefined => item && (item.line.depth === 0 ? item.text : item.line.text ?? 'there');
  return { field: about.path, attribute: about.line.cName, sent: text(sent), recorded: text(recorded) };
}

function itemsOf(bytes: Uint8Array, protocol: Protocol, ignore: readonly string[]): Item[] {
  const memory = memoryCopy(bytes), lines = annotate(memory, 0, bytes.length, protocol);
  const several = lines.filter(({ depth }) => depth === 0).length > 1;
  const stack: string[] = [], items: Item[] = [];
  let message = -1, ignoredAt = Infinity;
  lines.forEach((line, i) => {
    const { at, depth, cName, key } = line, next = lines[i + 1];
    if (depth === 0) message++;
    stack.length = Math.max(0, depth - 1);
    if (depth > 0) stack.push(key ?? cName);
    const fields = stack.filter((word) => word !== '').join('.').replaceAll('.[', '[');
    if (depth <= ignoredAt) ignoredAt = ignore.includes(fields) || ignore.includes(cName) ? depth : Infinity;
    if (ignoredAt < Infinity) return;
    const end = Math.max(at, next?.at ?? bytes.length), nest = depth > 0 && line.text === undefined;
    const counts = depth === 0 && cName !== 'not a message' ? hex(memory.bytes, at + 4, at + 8) // type and flags
      : nest ? hex(memory.bytes, Math.min(at + 2, end), Math.min(at + 4, end))
      : hex(memory.bytes, at, end);
    const text = depth === 0 ? headerText(line) : renderLine(line);
    items.push({ path: several ? [`[${message}]`, fields].filter(Boolean).join('.') : fields, line, depth, text, counts });
  });
  return items;
}

/** A message's first line without what is masked, and without its length. */
const headerText = (line: Line): string =>
  renderLine(line).replace(/ \d+ bytes,/, '').replace(/, sequence \d+, port \d+$/, '');

/** Pairs of lines in a longest common order, by what they are and not by their values. */
function aligned(a: readonly Item[], b: readonly Item[]): [Item | undefined, Item | undefined][] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] = key(a[i]!) === key(b[j]!) ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  const pairs: [Item | undefined, Item | undefined][] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && key(a[i]!) === key(b[j]!)) pairs.push([a[i++], b[j++]]);
    else if (j >= b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) pairs.push([a[i++], undefined]);
    else pairs.push([undefined, b[j++]]);
  }
  return pairs;
}
