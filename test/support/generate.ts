import { memoryOf } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { DecodeError, EncodeError } from '../../src/errors.ts';
import type { ListCodec } from '../../src/schema/arrays.ts';
import type { AttributeSet } from '../../src/schema/attributes.ts';
import type { ChoiceCodec, Names } from '../../src/schema/choice.ts';
import type { Codec, Owner } from '../../src/schema/codec.ts';
import type { EmbeddedCodec } from '../../src/schema/embedded.ts';
import type { MappedCodec } from '../../src/schema/mapped.ts';
import type { MaskedCodec } from '../../src/schema/masked.ts';
import type { Fields, Struct } from '../../src/schema/struct.ts';
import type { Tagged } from '../../src/schema/tagged.ts';

export type Roll = (sides: number) => number;

/** Values of a codec made at random from its declaration. */
export function generate(codec: Codec<any>, roll: Roll, owner: Owner = {}): unknown {
  const any = codec as Partial<AttributeSet> &
    Partial<Struct<Fields>> &
    Partial<ListCodec<unknown>> &
    Partial<ChoiceCodec<Names>> &
    Partial<Tagged<any, any>> &
    Partial<EmbeddedCodec<object>> &
    Partial<MappedCodec<unknown, unknown>> & { kind?: string };
  if (any.pick) return generate(any.pick(owner), roll, owner);
  if (any.each) return several(any.each, roll, owner);
  if (any.element) return several(any.element, roll, owner);
  if (any.inner) return throughWire(codec, any.inner, roll, owner);
  if (any.message && any.message.header.cName !== 'ifinfomsg') return generateStruct(any.message.header, roll);
  if (any.message)
    return {
      family: 'unspec',
      type: 'ether',
      index: roll(99),
      flags: { up: true },
      ...generateSet(any.message.body, roll),
    };
  if (any.kind === 'attributes') return generateSet(codec as unknown as AttributeSet, roll);
  if (any.kind === 'struct') return generateStruct(codec as unknown as Struct<Fields>, roll);
  if (any.kind === 'choice') return generateChoice(codec as unknown as ChoiceCodec<Names>, roll);
  if (any.kind === 'flags') return some(Object.keys(any.names!), roll, () => true);
  if (any.kind === 'masked')
    return some(Object.keys((codec as unknown as MaskedCodec<Names>).names), roll, () => roll(2) === 1);
  const make = leaves[codec.label.replace(/\d+ bytes/, 'octets').replace(/char\[\d+\]/, 'chars')];
  if (!make) return throughBytes(codec, roll, owner);
  for (let width = 32; width >= 0; width--) { // what the kernel takes less of, in ever smaller numbers
    const value = make(roll, codec.size, width);
    try {
      codec.write(new Writer(64), value, owner, 0);
      return value;
    } catch (error) {
      if (!(error instanceof EncodeError) || width === 0) throw error;
    }
  }
  return undefined;
}

/** A value of another shape than the wire's: made there, and read. */
function throughWire(codec: Codec<unknown>, inner: Codec<any>, roll: Roll, owner: Owner): unknown {
  const w = new Writer(64);
  w.full = true;
  inner.write(w, generate(inner, roll, owner), owner, 0);
  const bytes = Uint8Array.from(w.written());
  return codec.read(memoryOf(bytes), 0, bytes.length, owner, 0);
}

/** A value of a codec that nobody has words for here: what it reads from random bytes, and writes. */
function throughBytes(codec: Codec<unknown>, roll: Roll, owner: Owner): unknown {
  for (let tries = 0; tries < 200; tries++) {
    const bytes = Uint8Array.from({ length: codec.size + 4 * roll(7) }, () => (roll(2) ? roll(2) : roll(3) ? roll(32) : roll(256)));
    if (codec.fits && !codec.fits(bytes.length)) continue;
    try {
      const value = codec.read(memoryOf(bytes), 0, bytes.length, owner, 0);
      codec.write(new Writer(64), value, owner, 0);
      return value;
    } catch (error) {
      if (!(error instanceof EncodeError || error instanceof DecodeError)) throw error;
    }
  }
  return undefined; // not beside these siblings
}

/** An object of a set, with about half of the keys. */
export function generateSet(set: AttributeSet, roll: Roll, leaveOut: readonly string[] = []): Owner {
  const value: Owner = {};
  for (const [key, { codec }] of Object.entries(set.declarations))
    if (!leaveOut.includes(key) && roll(2)) value[key] = generate(codec as Codec<unknown>, roll, value);
  return value;
}

const generateStruct = (struct: Struct<Fields>, roll: Roll): Owner =>
  Object.fromEntries(
    Object.entries(struct.fields)
      .filter(([, f]) => f.shown)
      .map(([key, f]) => [key, generate(f.codec, roll)]),
  );

/** A word, or now and then a number without one. */
function generateChoice({ names, number, toName }: ChoiceCodec<Names>, roll: Roll): string | number {
  const words = Object.keys(names);
  return words.length > 0 && roll(4) ? words[roll(words.length)]! : toName(generate(number, roll) as number);
}

const several = (codec: Codec<unknown>, roll: Roll, owner: Owner): unknown[] =>
  Array.from({ length: 1 + roll(3) }, () => generate(codec, roll, owner));

const some = (words: readonly string[], roll: Roll, value: () => boolean): { [word: string]: boolean } =>
  Object.fromEntries(words.filter(() => roll(2)).map((word) => [word, value()]));

type Make = (roll: Roll, size: number, width: number) => unknown;

const unsigned = (bits: number): Make => (roll, _size, width) => roll(2 ** Math.min(bits, width));
const signed =
  (bits: number): Make =>
  (roll, _size, width) =>
    roll(2 ** Math.min(bits - 1, width)) * (roll(2) ? 1 : -1);
const wide: Make = (roll) => (BigInt(roll(2 ** 31)) << 32n) | BigInt(roll(2 ** 31));
const byte = (roll: Roll): string => roll(256).toString(16).padStart(2, '0');
const bytes = (roll: Roll, count: number): string[] => Array.from({ length: count }, () => byte(roll));
const truth: Make = (roll) => roll(2) === 1;
const word = (roll: Roll, most: number): string =>
  Array.from({ length: 1 + roll(most) }, () => 'abcxyz019-_.é'[roll(12)])
    .join('')
    .replace(/^\.+/, 'a');
const ticks: Make = (roll) => roll(1e7) / 100;
const ipv4: Make = (roll) => Array.from({ length: 4 }, () => roll(256)).join('.');
const ipv6: Make = (roll) => `fd00:${Array.from({ length: 7 }, () => (1 + roll(0xffff)).toString(16)).join(':')}`;

const leaves: { readonly [label: string]: Make } = {
  u8: unsigned(8),
  u16: unsigned(16),
  u32: unsigned(31),
  s8: signed(8),
  s16: signed(16),
  s32: signed(32),
  u64: wide,
  s64: wide,
  be16: unsigned(16),
  be32: unsigned(31),
  be64: wide,
  net16: unsigned(16),
  net32: unsigned(31),
  net64: wide,
  uint: wide,
  bool8: truth,
  bool16: truth,
  bool32: truth,
  flag: () => true,
  'clock ticks': ticks,
  string: (roll) => word(roll, 20),
  'interface name': (roll) => word(roll, 12),
  chars: (roll, size) => word(roll, Math.min(size - 3, 12)),
  bytes: (roll) => Uint8Array.from(Array.from({ length: roll(9) }, () => roll(256))),
  octets: (roll, size) => Uint8Array.from(Array.from({ length: size }, () => roll(256))),
  hex: (roll) => bytes(roll, 8).join(''),
  'link-layer address': (roll) => bytes(roll, 6).join(':'),
  'MAC address': (roll) => bytes(roll, 6).join(':'),
  userdata: (roll) => ({ comment: word(roll, 20), entries: [{ type: 9, data: Uint8Array.of(roll(256), 0) }] }),
  hook: (roll) => ['prerouting', 'input', 'forward', 'output', 'postrouting'][roll(5)],
  IPv4: ipv4,
  IPv6: ipv6,
  IP: (roll, size, width) => (roll(2) ? ipv4 : ipv6)(roll, size, width),
  'bridge id': (roll) => `${bytes(roll, 2).join('')}.${bytes(roll, 6).join('')}`,
  'inet settings': (roll) => ({ rpFilter: roll(3), arpIgnore: -roll(3), 999: roll(9) }),
  'inet6 settings': (roll) => ({ forwarding: roll(2), hoplimit: roll(256), mtu6: 1280 + roll(99) }),
};
