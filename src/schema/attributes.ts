import { get16, type Memory } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { DecodeError, EncodeError, within as inField } from '../errors.ts';
import { attributeLimit, NLA_F_NESTED, NLA_TYPE_MASK } from '../wire/header.ts';
import { fits, show, type Codec, type KnownField, type Owner, type Visitor } from './codec.ts';
import { copyOf } from './leaves.ts';
import { sourced } from './source.ts';
import { specialised } from './specialise.ts';
import type { Attribute, AttributeOptions, Entry, Level, Pad, RawAttribute } from './level.ts';
import type { AttributesInput, Declarations } from './values.ts';

export type { Attribute, AttributeOptions, Nest, RawAttribute } from './level.ts';
export type { AttributesInput, AttributesOutput, Declarations, Taken } from './values.ts';

/** Declares an attribute: `mtu: attribute('IFLA_MTU', 4, u32)`. */
export const attribute = <T, const O extends AttributeOptions<NoInfer<T>> = {}>(
  cName: string, id: number, codec: Codec<T>, options?: O,
): Attribute<T, O> => ({ cName, id, codec, inside: [], ...options });

/** Attributes that lie in a nest on the wire and beside their siblings in the user's object: spread them in. */
export function within<const D extends Declarations>(cName: string, id: number, declarations: D): D {
  const moved = Object.entries(declarations).map(([key, a]) => [key, { ...a, inside: [{ cName, id }, ...a.inside] }]);
  return Object.fromEntries(moved) as D;
}

/**
 * Declares what kernels for processors that read 64 bits only from where they are aligned put before such attributes;
 * `inside` are the numbers of the nests around it that the user's object does not show.
 */
export const padding = (cName: string, id: number, ...inside: readonly number[]): Pad => ({ key: undefined, cName, id, level: undefined, inside });

/** A set of attributes; being a codec, it is also the payload of a nested attribute. */
export interface AttributeSet<D extends Declarations = Declarations> extends Codec<AttributesInput<D>> {
  readonly kind: 'attributes';
  readonly declarations: D;
  readonly root: Level;
  readInto(target: Owner, m: Memory, at: number, end: number, base: number): void;
  writeFrom(w: Writer, value: Owner, base: number, besides?: { readonly [key: string]: unknown }): void;
  /** Visits what is read into `self`, which has already what stands before it: a header may say how it is read. */
  visitInto(self: Owner, visitor: Visitor, m: Memory, at: number, end: number, base: number): void;
}

/** The value type of a declared set: `type BridgeOptions = Infer<typeof bridgeOptions>`. */
export type Infer<C> = C extends Codec<infer T> ? T : never;

/** Makes a set from its declarations. Numbers and names that stand twice throw here, when the module loads. */
export function attributes<const D extends Declarations>(declarations: D, ...pads: readonly Pad[]): AttributeSet<D> {
  const root = levels(declarations, pads), quick = specialised(root);
  const readInto: AttributeSet<D>['readInto'] = (target, m, at, end, base) => {
    readLevel(root, target, m, at, end, base, undefined);
    for (const { key, value } of root.absent) if (target[key] === undefined) target[key] = value;
  };
  const read = (m: Memory, at: number, end: number, _owner: unknown, base: number): AttributesInput<D> => {
    let value = quick(m, at, end, base);
    if (value === undefined) readInto(value = {}, m, at, end, base);
    return value as AttributesInput<D>;
  };
  const writeFrom: AttributeSet<D>['writeFrom'] = (w, value, base, besides) => {
    writeLevel(root, w, value, base, [], besides ?? nothing);
  };
  const visitInto: AttributeSet<D>['visitInto'] = (self, visitor, m, at, end, base) => {
    readInto(self, m, at, end, base);
    visitLevel(root, visitor, m, at, end, self, base);
  };
  return {
    kind: 'attributes', label: 'attributes', size: 0, flags: NLA_F_NESTED, declarations, root, readInto, writeFrom,
    read: sourced(read, (site) => `${site.use(read)}(m, ${site.at}, ${site.end}, undefined, ${site.base})`),
    write(w, value, _owner, base) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new EncodeError(`must be an object, got ${show(value)}`);
      writeFrom(w, value as Owner, base);
    },
    visitInto,
    visit: (visitor, m, at, end, _owner, base) => visitInto({}, visitor, m, at, end, base),
  };
}

function levels(declarations: Declarations, pads: readonly Pad[]): Level {
  const root = emptyLevel(), all = [root], tags = new Set<string>();
  for (const [key, attribute] of Object.entries(declarations)) {
    let level = root;
    for (const { cName, id } of attribute.inside) {
      let entry = level.byId[id];
      if (!entry) {
        level.byId[id] = entry = { key: undefined, cName, id, level: emptyLevel() };
        all.push(entry.level);
      }
      if (entry.key !== undefined) throw new TypeError(`${entry.cName} and the nest ${cName} have the same number ${id}`);
      level.byKey.set(key, entry);
      level = entry.level!;
    }
    const { cName, id } = attribute, taken = level.byId[id];
    if (taken) throw new TypeError(`${taken.cName} and ${cName} have the same number ${id}`);
    if (key === 'unknown') throw new TypeError(`${cName}: "unknown" is the name of what is not known`);
    const { tag } = attribute.codec as { readonly tag?: string };
    const entry: Entry = { key, cName, id, attribute, after: tag !== undefined && Object.hasOwn(declarations, tag) ? tag : undefined };
    level.byId[id] = entry;
    level.byKey.set(key, entry);
    if (attribute.absent !== undefined) root.absent.push({ key, value: attribute.absent });
    if (tag !== undefined) tags.add(tag);
  }
  for (const pad of pads) {
    const { byId } = pad.inside.reduce((level, id) => (level.byId[id] as { readonly level: Level }).level, root);
    if (byId[pad.id]) throw new TypeError(`${byId[pad.id]!.cName} and ${pad.cName} have the same number ${pad.id}`);
    byId[pad.id] = pad;
  }
  for (const level of all) level.tags.push(...[...tags].filter((tag) => level.byKey.get(tag)?.key === tag));
  return root;
}

type NestEntry = Entry & { readonly key: undefined; readonly level: Level };

const emptyLevel = (): Level => ({ byId: [], byKey: new Map(), tags: [], absent: [] });

/** The next attribute must lie wholly before `end`; returns its length. */
function lengthAt(m: Memory, at: number, end: number): number {
  const length = get16(m, at);
  if (length < 4 || at + length > end) throw new DecodeError(`an attribute of ${length} bytes where ${end - at} are left`, at);
  return length;
}

function readLevel(level: Level, target: Owner, m: Memory, at: number, end: number, base: number, inside: readonly number[] | undefined): void {
  let late: (() => void)[] | undefined;
  while (end - at >= 4) {
    const length = lengthAt(m, at, end), from = at + 4, to = at + length;
    const type = get16(m, at + 2), entry = level.byId[type & NLA_TYPE_MASK];
    at += (length + 3) & ~3;
    if (entry === undefined) keepUnknown(target, m, type, from, to, inside);
    else if (entry.key === undefined) {
      if (entry.level !== undefined) readNest(entry, target, m, type, from, to, base, inside);
      else if (length > 4) keepUnknown(target, m, type, from, to, inside);
    } else if (entry.after !== undefined && target[entry.after] === undefined) {
      target[entry.key] ??= undefined; // its place among the others is kept, so that it is written where it was read
      (late ??= []).push(() => {
        readAttribute(entry.key, entry.attribute.codec, target, m, type, from, to, base, inside);
        if (target[entry.key] === undefined) delete target[entry.key];
      });
    } else readAttribute(entry.key, entry.attribute.codec, target, m, type, from, to, base, inside);
  }
  late?.forEach((read) => read());
}

function readAttribute(key: string, codec: Codec<unknown>, target: Owner, m: Memory, type: number, from: number, to: number, base: number, inside: readonly number[] | undefined): void {
  if (!fits(codec, to - from)) return keepUnknown(target, m, type, from, to, inside);
  try {
    if (codec.each === undefined) target[key] = codec.read(m, from, to, target, base);
    else ((target[key] ??= []) as unknown[]).push(codec.each.read(m, from, to, target, base));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    keepUnknown(target, m, type, from, to, inside); // broken inside: one odd attribute never costs the message
  }
}

function readNest(entry: NestEntry, target: Owner, m: Memory, type: number, from: number, to: number, base: number, inside: readonly number[] | undefined): void {
  const kept = (target['unknown'] as RawAttribute[] | undefined)?.length ?? 0;
  try {
    readLevel(entry.level, target, m, from, to, base, [...(inside ?? []), entry.id]);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    for (const key of entry.level.byKey.keys()) delete target[key]; // kept whole, what was read of it would be sent twice
    if (kept > 0) (target['unknown'] as RawAttribute[]).length = kept;
    else delete target['unknown'];
    keepUnknown(target, m, type, from, to, inside);
  }
}

function keepUnknown(target: Owner, m: Memory, type: number, from: number, to: number, inside: readonly number[] | undefined): void {
  const kept = (target['unknown'] ??= []) as RawAttribute[];
  kept.push({ type, data: copyOf(m, from, to), ...(inside ? { inside } : {}) });
}

/** `besides` are the keys that may stand in `value` too; a level inside has nothing to say about what it does not know. */
function writeLevel(
  level: Level, w: Writer, value: Owner, base: number, inside: readonly number[], besides?: { readonly [key: string]: unknown },
): void {
  let nests: Set<number> | undefined;
  for (const key of keysOf(level, value)) {
    const inner = value[key];
    if (inner === undefined) continue;
    const entry = level.byKey.get(key);
    if (entry === undefined) {
      if (besides !== undefined && key !== 'unknown' && !Object.hasOwn(besides, key)) throw new EncodeError(`there is no field "${key}"`, '');
      continue;
    }
    if (entry.key === undefined) {
      if (entry.level === undefined || nests?.has(entry.id)) continue;
      (nests ??= new Set()).add(entry.id);
      writeNest(entry, w, value, base, inside);
    } else if (!entry.attribute.readOnly || w.full) {
      try {
        writeAttribute(w, entry.id, entry.attribute.codec, inner, value, base);
      } catch (error) {
        throw inField(error, key);
      }
    }
  }
  const raw = value['unknown'] as readonly RawAttribute[] | undefined;
  if (raw === undefined) return;
  checkRaw(raw);
  for (const { type, data, inside: where = [] } of raw) {
    if (where.length === inside.length && where.every((id, i) => id === inside[i])) writeRaw(w, type, data);
    else if (where.length > inside.length && inside.every((id, i) => id === where[i])) {
      const entry = level.byId[where[inside.length]!];
      if (entry?.key !== undefined || entry?.level === undefined || nests?.has(entry.id)) continue;
      (nests ??= new Set()).add(entry.id);
      writeNest(entry, w, value, base, inside);
    }
  }
}

const nothing = {};

/** What a value has, tags first: most have none. */
function keysOf({ tags }: Level, value: Owner): readonly string[] {
  const keys = Object.keys(value);
  if (tags.length === 0) return keys;
  let first: string[] | undefined;
  for (const tag of tags) if (value[tag] !== undefined) (first ??= []).push(tag);
  if (first === undefined) return keys;
  for (const key of keys) if (!first.includes(key)) first.push(key);
  return first;
}

/** Writes the nest if there is anything to put in it. */
function writeNest(entry: NestEntry, w: Writer, value: Owner, base: number, inside: readonly number[]): void {
  const start = w.open(entry.id | NLA_F_NESTED);
  writeLevel(entry.level, w, value, base, [...inside, entry.id]);
  if (w.at === start + 4) w.at = start;
  else closeChecked(w, start);
}

function checkRaw(raw: readonly RawAttribute[]): void {
  if (!Array.isArray(raw)) throw new EncodeError(`must be an array of { type, data }, got ${show(raw)}`, 'unknown');
  raw.forEach((one, i) => {
    if (!(Number.isInteger(one?.type) && one.type >= 0 && one.type <= 0xffff && one.data instanceof Uint8Array))
      throw new EncodeError(`must be { type, data }, a number of 16 bits and a Uint8Array, got ${show(one)}`, `unknown[${i}]`);
  });
}

function writeRaw(w: Writer, type: number, data: Uint8Array): void {
  const start = w.open(type);
  w.bytes(data);
  closeChecked(w, start);
}

/** Writes one attribute with its header. */
export function writeAttribute<T>(w: Writer, id: number, codec: Codec<T>, value: T, owner: Owner, base: number): void {
  const type = id | (codec.flags ?? 0);
  if (codec.put) return codec.put(w, type, value, owner, base);
  const start = w.open(type);
  codec.write(w, value, owner, base);
  closeChecked(w, start);
}

function closeChecked(w: Writer, start: number): void {
  const length = w.close(start);
  if (length - 4 > attributeLimit) throw new EncodeError(`is ${length - 4} bytes long; an attribute holds at most ${attributeLimit}`);
}

function visitLevel(level: Level, visitor: Visitor, m: Memory, at: number, end: number, self: Owner, base: number): void {
  while (end - at >= 4) {
    const start = at, length = lengthAt(m, at, end), from = at + 4, to = at + length;
    const type = get16(m, at + 2), entry = level.byId[type & NLA_TYPE_MASK];
    at += (length + 3) & ~3;
    if (entry === undefined) visitor.leaf(undefined, `attribute ${type & NLA_TYPE_MASK}`, start, to, show(m.bytes.subarray(from, to)));
    else if (entry.key === undefined && entry.level === undefined) visitor.leaf(undefined, entry.cName, start, to, 'padding');
    else if (entry.key === undefined) visitor.nest('', entry.cName, start, to, () => visitLevel(entry.level, visitor, m, from, to, self, base), (id) => entry.level.byId[id]);
    else visitAttribute(visitor, entry.key, entry.cName, entry.attribute.codec, m, start, from, to, self, base);
  }
}

/** Visits one attribute whose header is at `start` and whose payload lies between `from` and `to`. */
export function visitAttribute(visitor: Visitor, key: string, cName: string, codec: Codec<unknown>, m: Memory, start: number, from: number, to: number, owner: Owner, base: number): void {
  try {
    if (!fits(codec, to - from)) throw new DecodeError('too short', from);
    const one = codec.each ?? codec, value = one.read(m, from, to, owner, base);
    if (codec.visit) visitor.nest(key, cName, start, to, () => codec.visit!(visitor, m, from, to, owner, base), knownIn(one, owner));
    else visitor.leaf(key, cName, start, to, one.show?.(value) ?? show(value));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    visitor.leaf(key, cName, start, to, `unreadable ${show(m.bytes.subarray(from, to))}`);
  }
}

/** The fields that a nested payload can have, where its codec tells. */
function knownIn(codec: Codec<unknown>, owner: Owner): KnownField | undefined {
  const set = codec as Partial<AttributeSet> & { pick?(owner: Owner): Codec<unknown> };
  if (set.root) return (id) => set.root!.byId[id];
  return set.pick ? knownIn(set.pick(owner), owner) : undefined;
}
