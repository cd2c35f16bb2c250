import { get16, get32, type Memory } from '../bytes/memory.ts';
import { DecodeError } from '../errors.ts';
import { readDone, readError } from '../wire/control.ts';
import { headerSize, NLM_F, NLMSG } from '../wire/header.ts';
import { show, type KnownField, type Visitor } from './codec.ts';
import type { Message } from './message.ts';
import type { Protocol } from './protocol.ts';

/** One line of an annotated message: some bytes and what they are. */
export interface Line {
  readonly at: number;
  readonly end: number;
  readonly depth: number;
  readonly cName: string;
  /** Our name; undefined for what we do not know, '' for a nest that the user's object does not show. */
  readonly key: string | undefined;
  /** The value; undefined for a nest, whose lines follow. */
  readonly text: string | undefined;
}

/** Every message between `at` and `end`, field by field, from the declarations. Bytes that are no message become a line too. */
export function annotate(m: Memory, at: number, end: number, protocol: Protocol): Line[] {
  const lines: Line[] = [];
  while (at < end) {
    const length = end - at >= headerSize ? get32(m, at) : 0;
    if (length < headerSize || at + length > end) {
      lines.push({ at, end, depth: 0, cName: 'not a message', key: undefined, text: show(m.bytes.subarray(at, end)) });
      break;
    }
    annotateOne(m, at, at + length, protocol, lines);
    at += (length + 3) & ~3;
  }
  return lines;
}

/** The annotated message as text, one field a line, indented by nesting. */
export const renderLines = (lines: readonly Line[], indent = ''): string =>
  lines.map((line) => `${indent}${'  '.repeat(line.depth)}${renderLine(line)}`).join('\n');

export function renderLine({ cName, key, text }: Line): string {
  return `${cName}${key ? ` ${key}` : ''}${text === undefined ? '' : ` ${text}`}`;
}

function annotateOne(m: Memory, at: number, end: number, protocol: Protocol, lines: Line[]): void {
  const type = get16(m, at + 4), flags = get16(m, at + 6), known = protocol.messages[type];
  const cName = controlName(type) ?? known?.cName ?? `message ${type}`;
  lines.push({
    at, end: at + headerSize, depth: 0, cName, key: undefined,
    text: `${end - at} bytes, ${flagNames(flags, cName).join('|') || 'no flags'}, sequence ${get32(m, at + 8)}, port ${get32(m, at + 12)}`,
  });
  const start = lines.length, from = at + headerSize;
  const rest = (cName: string, text: string): unknown => lines.push({ at: from, end, depth: 1, cName, key: undefined, text });
  try {
    if (type === NLMSG.ERROR || type === NLMSG.DONE) {
      const verdict = type === NLMSG.ERROR ? readError(m, at, end) : readDone(m, at, end);
      const said = Object.entries(verdict).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} ${show(value)}`);
      if (end > from) rest('nlmsgerr', said.join(', '));
    } else if (known) known.message.visit(collector(lines), m, from, end);
    else if (end > from) rest('payload', show(m.bytes.subarray(from, end)));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    lines.length = start;
    rest('unreadable', `${error.message}: ${show(m.bytes.subarray(from, end))}`);
  }
}

function collector(lines: Line[]): Visitor {
  let depth = 1;
  return {
    leaf(key, cName, at, end, text) {
      lines.push({ at, end, depth, cName, key, text });
    },
    nest(key, cName, at, end, inside) {
      lines.push({ at, end, depth, cName, key, text: undefined });
      depth++;
      inside();
      depth--;
    },
  };
}

const controlName = (type: number): string | undefined =>
  Object.entries(NLMSG).map(([name, number]) => (number === type ? `NLMSG_${name}` : undefined)).find(Boolean);

function flagNames(flags: number, cName: string): string[] {
  const names: string[] = [];
  const general = ['REQUEST', 'MULTI', 'ACK', 'ECHO', 'DUMP_INTR', 'DUMP_FILTERED'] as const;
  const special = cName.startsWith('NLMSG_') ? ['CAPPED', 'ACK_TLVS'] as const
    : /GET/.test(cName) ? ['DUMP', 'ROOT', 'MATCH', 'ATOMIC'] as const
    : /DEL/.test(cName) ? ['NONREC', 'BULK'] as const
    : ['REPLACE', 'EXCL', 'CREATE', 'APPEND'] as const;
  let rest = flags;
  for (const name of [...general, ...special])
    if ((rest & NLM_F[name]) === NLM_F[name]) {
      names.push(name);
      rest &= ~NLM_F[name];
    }
  if (rest) names.push(`0x${rest.toString(16)}`);
  return names;
}

/** Where in a request the byte `offset` lies, in the words of the user: `options.peer.name` and `IFLA_IFNAME`. */
export function fieldAt(m: Memory, at: number, end: number, offset: number, message: Message<any, any>): FoundField | undefined {
  let found: FoundField | undefined;
  visitPaths(m, at, end, message, (path, cName, from, to) => {
    if (at + offset >= from && at + offset < to) found = { path, cName };
  });
  return found;
}

/** The name of the attribute number `type` that is missing in the nest at byte `nest` of a request, or at its top. */
export function missingField(m: Memory, at: number, end: number, type: number, nest: number | undefined, message: Message<any, any>): FoundField | undefined {
  let found: FoundField | undefined;
  const top = message.body.root.byId[type];
  if (nest === undefined) return top && { path: top.key ?? '', cName: top.cName };
  visitPaths(m, at, end, message, (path, _cName, from, _to, known) => {
    const missing = from === at + nest ? known?.(type) : undefined;
    if (missing) found = { path: join(path, missing.key), cName: missing.cName };
  });
  return found;
}

export interface FoundField {
  readonly path: string;
  readonly cName: string;
}

function visitPaths(
  m: Memory, at: number, end: number, message: Message<any, any>,
  use: (path: string, cName: string, from: number, to: number, known?: KnownField) => void,
): void {
  let path = '';
  const visitor: Visitor = {
    leaf: (key, cName, from, to) => use(join(path, key), cName, from, to),
    nest(key, cName, from, to, inside, known) {
      const outer = path;
      path = join(path, key);
      use(path, cName, from, to, known);
      inside();
      path = outer;
    },
  };
  try {
    message.visit(visitor, m, at + headerSize, end);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

const join = (path: string, key: string | undefined): string =>
  !key ? path : path === '' || key.startsWith('[') ? path + key : `${path}.${key}`;
