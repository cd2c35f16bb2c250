import { unhex } from '../bytes/hex.ts';
import { errno, errnoName } from '../errno.ts';
import { NetlinkError } from '../errors.ts';
import type { Protocol } from '../schema/protocol.ts';
import { listing } from './listing.ts';
import { protocolsOf, type Entry, type Tape } from './tape.ts';

/** The version of the text. */
const version = 1;

/** A tape that cannot be read. `code` is `ERR_TAPE`. */
export class TapeError extends NetlinkError {
  override name = 'TapeError';
  /** Counted from 1; 0 where it is about the tape as a whole. */
  readonly line: number;
  constructor(reason: string, line = 0) {
    super('ERR_TAPE', line === 0 ? reason : `line ${line} of the tape: ${reason}`);
    this.line = line;
  }
}

/** Finds the declarations of a netlink family by its number. */
export type Protocols = (number: number) => Protocol;

/** The text of a tape. Bytes are shown with what they mean as their socket's family declares it. */
export function formatTape(tape: Tape, protocols: Protocols): string {
  const protocolOf = protocolsOf(tape);
  const head = [
    `netlink tape ${version}`, `title: ${tape.title}`, `protocol: ${tape.protocol} ${protocols(tape.protocol).name}`,
    ...(tape.kernel === '' ? [] : [`kernel: ${tape.kernel}`]), `order: ${tape.order}`,
  ];
  const blocks = tape.entries.map((entry) => [...(entry.comments ?? []).map(comment), ...entryLines(entry, tape.protocol, protocols(protocolOf(entry.socket)))].join('\n'));
  const trailer = tape.trailer.length === 0 ? [] : [tape.trailer.map(comment).join('\n')];
  return `${[head.join('\n'), ...blocks, ...trailer].join('\n\n')}\n`;
}

const comment = (text: string): string => (text === '' ? '#' : `# ${text}`);

function entryLines(entry: Entry, usual: number, protocol: Protocol): string[] {
  const { socket } = entry;
  const failed = (number: number): string => (number === 0 ? '' : ` fails ${errnoName(number)}`);
  switch (entry.type) {
    case 'socket': {
      const groups = entry.groups.length === 0 ? '' : ` groups ${entry.groups.join(' ')}`;
      const of = entry.protocol === usual ? '' : ` protocol ${entry.protocol}`;
      return [`socket ${socket}${of} sends ${entry.sendLimit} holds ${entry.receiveLimit}${groups}`];
    }
    case 'send': return [`> ${socket}${failed(entry.errno)}`, ...listing(entry.bytes, protocol)];
    case 'receive': {
      const from = entry.sender === 0 ? '' : ` from ${entry.sender}`;
      const cut = entry.length === entry.bytes.length ? '' : ` cut ${entry.length}`;
      return [`< ${socket}${from}${cut}`, ...listing(entry.bytes, protocol)];
    }
    case 'fault': return [`< ${socket}${failed(entry.errno)}`];
    case 'silence': return [`< ${socket} silence`];
    case 'namespace': {
      const result = entry.result >= 0 ? ` is ${entry.result}` : failed(-entry.result);
      return [`namespace ${socket} ${JSON.stringify(entry.path)}${result}`];
    }
    case 'group': return [`${entry.join ? 'join' : 'leave'} ${socket} ${entry.group}${failed(entry.errno)}`];
  }
}

/** Reads the text of a tape. What stands behind `|` is left out: it is generated. Throws a TapeError. */
export function parseTape(text: string): Tape {
  const lines = text.split(/\r*(?:\n|$)/), header = new Map<string, string>();
  const entries: Entry[] = [];
  const usual = (): number => protocolIn(header);
  let comments: string[] = [], bytes: Uint8Array[] = [], open: { make: (bytes: Uint8Array) => Entry } | undefined;

  const close = (): void => {
    if (open) entries.push(open.make(Buffer.concat(bytes)));
    open = undefined;
    bytes = [];
  };
  if (lines[0]?.trim() !== `netlink tape ${version}`)
    throw new TapeError(`must be "netlink tape ${version}", got ${JSON.stringify(lines[0] ?? '')}`, 1);
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!, at = i + 1;
    if (/^\s+\S/.test(line)) {
      if (!open) throw new TapeError('bytes that belong to no datagram', at);
      const found = unhex(line.split('|')[0]!);
      if (!found) throw new TapeError('must be hex digits, two a byte', at);
      bytes.push(found);
      continue;
    }
    if (line.trim() === '') continue;
    close();
    if (line.startsWith('#')) {
      comments.push(line.slice(1).replace(/^ /, ''));
      continue;
    }
    const field = /^(title|protocol|kernel|order): ?(.*)$/.exec(line);
    if (field && entries.length === 0) {
      header.set(field[1]!, field[2]!.trim());
      continue;
    }
    const made = entryOf(line.trim(), at, usual, comments.length === 0 ? undefined : comments);
    comments = [];
    if ('make' in made) open = made;
    else entries.push(made);
  }
  close();
  return { ...headerOf(header), entries, trailer: comments };
}

function headerOf(header: Map<string, string>): Pick<Tape, 'title' | 'protocol' | 'kernel' | 'order'> {
  const order = header.get('order') ?? 'little';
  if (order !== 'little' && order !== 'big') throw new TapeError(`the byte order must be little or big, got "${order}"`);
  return { title: header.get('title') ?? '', protocol: protocolIn(header), kernel: header.get('kernel') ?? '', order };
}

function protocolIn(header: Map<string, string>): number {
  const number = /^\d+/.exec(header.get('protocol') ?? '0')?.[0];
  if (number === undefined) throw new TapeError(`the protocol must start with its number, got "${header.get('protocol')}"`);
  return Number(number);
}

/** The entry that a line is, or what makes it of the bytes in the lines below. */
function entryOf(line: string, at: number, usual: () => number, comments: readonly string[] | undefined): Entry | { make: (bytes: Uint8Array) => Entry } {
  const match = <T>(pattern: RegExp, make: (words: RegExpExecArray, base: { socket: number; comments?: readonly string[] }) => T): T | undefined => {
    const words = pattern.exec(line);
    return words ? make(words, { socket: Number(words[1]), ...(comments ? { comments } : {}) }) : undefined;
  };
  const number = (name: string | undefined): number => (name === undefined ? 0 : errnoOf(name, at));
  const made = match(/^socket (\d+)(?: protocol (\d+))? sends (\d+) holds (\d+)(?: groups ([\d ]+))?$/, ([, , protocol, sends, holds, groups], base): Entry => ({
    ...base, type: 'socket', protocol: protocol === undefined ? usual() : Number(protocol), sendLimit: Number(sends), receiveLimit: Number(holds),
    groups: groups === undefined ? [] : groups.trim().split(/ +/).map(Number),
  })) ?? match(/^> (\d+)(?: fails (\w+))?$/, ([, , error], base) => ({
    make: (bytes: Uint8Array): Entry => ({ ...base, type: 'send', bytes, errno: number(error) }),
  })) ?? match(/^< (\d+) fails (\w+)$/, ([, , error], base): Entry => ({ ...base, type: 'fault', errno: number(error) }))
    ?? match(/^< (\d+) silence$/, (_, base): Entry => ({ ...base, type: 'silence' }))
    ?? match(/^< (\d+)(?: from (\d+))?(?: cut (\d+))?$/, ([, , sender, cut], base) => ({
      make: (bytes: Uint8Array): Entry => ({
        ...base, type: 'receive', bytes, sender: Number(sender ?? 0), length: cut === undefined ? bytes.length : Number(cut),
      }),
    })) ?? match(/^namespace (\d+) ("(?:[^"\\]|\\.)*")(?: is (\d+)| fails (\w+))$/, ([, , path, fd, error], base): Entry => ({
      ...base, type: 'namespace', path: pathOf(path!, at), result: fd === undefined ? -number(error) : Number(fd),
    })) ?? match(/^(?:join|leave) (\d+) (\d+)(?: fails (\w+))?$/, ([, , group, error], base): Entry => ({
      ...base, type: 'group', join: line.startsWith('join'), group: Number(group), errno: number(error),
    }));
  if (!made) throw new TapeError(`nothing that a tape can hold: ${JSON.stringify(line)}`, at);
  return made;
}

function pathOf(text: string, at: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new TapeError(`must be a path in quotation marks, as JSON has it, got ${text}`, at);
  }
}

function errnoOf(name: string, at: number): number {
  if (Object.hasOwn(errno, name)) return errno[name as keyof typeof errno];
  const plain = /^E(\d+)$/.exec(name)?.[1];
  if (plain === undefined) throw new TapeError(`there is no error ${name}`, at);
  return Number(plain);
}
