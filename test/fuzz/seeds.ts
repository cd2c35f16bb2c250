import { readTape, tapes } from '../../scripts/annotate.ts';
import { get16, memoryOf } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { EncodeError } from '../../src/errors.ts';
import { netfilterProtocol } from '../../src/netfilter/protocol.ts';
import { family } from '../../src/route/family.ts';
import { routeProtocol } from '../../src/route/protocol.ts';
import type { Owner } from '../../src/schema/codec.ts';
import type { MessageType, Protocol } from '../../src/schema/protocol.ts';
import type { Cases, Tagged } from '../../src/schema/tagged.ts';
import { parseTape } from '../../src/testing/index.ts';
import { eachHeader } from '../../src/transport/tape.ts';
import { headerSize, NLMSG_MIN_TYPE } from '../../src/wire/header.ts';
import { generate, generateSet, type Roll } from '../support/generate.ts';

export const protocols: readonly Protocol[] = [routeProtocol, netfilterProtocol];

/** The payload of a message that is well formed. */
export interface Seed extends MessageType {
  readonly bytes: Uint8Array;
}

/** What the tapes hold: texts, datagrams, control messages whole and the payloads of the others. */
export interface Seeds {
  readonly texts: readonly string[];
  readonly datagrams: readonly Uint8Array[];
  readonly controls: readonly Uint8Array[];
  readonly payloads: readonly Seed[];
  /** Payloads made from the declarations. */
  readonly made: readonly Seed[];
}

/** Seeds from the tapes, and objects of each declared message made at random. */
export function seedsOfTapes(roll: Roll, each = 30): Seeds {
  const texts = tapes().map(readTape), datagrams: Uint8Array[] = [], controls: Uint8Array[] = [], payloads: Seed[] = [];
  for (const tape of texts.map(parseTape)) {
    const messages = protocols.find(({ number }) => number === tape.protocol)?.messages ?? {};
    for (const entry of tape.entries) {
      if (entry.type !== 'send' && entry.type !== 'receive') continue;
      if (entry.type === 'receive') datagrams.push(entry.bytes);
      const m = memoryOf(entry.bytes);
      eachHeader(m, entry.bytes.length, (at, end) => {
        const bytes = new Uint8Array(entry.bytes.subarray(at, end));
        if (bytes.length < headerSize) return;
        const type = get16(m, at + 4), known = messages[type];
        if (type < NLMSG_MIN_TYPE) controls.push(bytes);
        else if (known) payloads.push({ ...known, bytes: bytes.slice(headerSize) });
      });
    }
  }
  const made = declared.flatMap((type) => Array.from({ length: each }, () => randomSeed(type, roll)).filter((seed) => seed !== undefined));
  return { texts, datagrams, controls, payloads, made };
}

/** Every message that is declared, each once. */
export const declared: readonly MessageType[] = protocols.flatMap(({ messages }) => Object.values(messages))
  .filter(({ message }, i, all) => all.findIndex((other) => other.message === message) === i);

const families = ['inet', 'inet', 'inet6', 'bridge', 'unspec'] as const;

/** An object for a message, made at random from its declaration: its header and about half of its attributes. */
export function randomValue({ message }: MessageType, roll: Roll): Owner {
  const header = generate(message.header, roll) as object;
  const chosen = message.header.fields['family']?.codec === family ? { family: families[roll(families.length)] } : {};
  const value: Owner = { ...header, ...chosen, ...generateSet(message.body, roll) };
  const tags = new Set<string>(); // most often a kind that is known, with its options
  for (const [key, { codec }] of Object.entries(message.body.declarations)) {
    const { tag, cases = {} } = codec as Partial<Tagged<Cases, unknown>>, words = Object.keys(cases);
    if (tag === undefined || !(tag in message.body.declarations) || roll(8) === 0) continue;
    if (!tags.has(tag)) value[tag] = words[roll(words.length)]!;
    tags.add(tag);
    if (words.includes(value[tag] as string)) value[key] = generate(cases[value[tag] as string]!, roll, value);
    else delete value[key];
  }
  return value;
}

/** The payload of such an object; undefined where it is one that cannot be sent. */
export function randomSeed(type: MessageType, roll: Roll): Seed | undefined {
  const w = new Writer(1024);
  w.full = true;
  try {
    type.message.encode(w, randomValue(type, roll));
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return undefined;
  }
  return { ...type, bytes: Uint8Array.from(w.written()) };
}
