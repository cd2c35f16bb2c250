import type { AttributeSet } from '../../src/schema/attributes.ts';
import type { Names } from '../../src/schema/choice.ts';
import type { Codec } from '../../src/schema/codec.ts';
import type { Message } from '../../src/schema/message.ts';
import type { Protocol } from '../../src/schema/protocol.ts';
import type { Fields } from '../../src/schema/struct.ts';
import { orderOf, reads } from './probe.ts';
import { widths, type Format, type Spec, type SpecAttribute, type SpecEnum, type SpecMember, type SpecSet, type SpecStruct } from './spec.ts';

/** One thing to say; `key` is what the table of reasons names it by. */
export interface Finding {
  readonly key: string;
  readonly text: string;
}

export interface Report {
  /** Attributes, members, words and numbers of messages that stand on both sides. */
  compared: number;
  readonly wrong: Map<string, Finding>;
  readonly weLack: Map<string, Finding>;
  readonly specsLack: Map<string, Finding>;
}

/** Any of our codecs, with what tells how it is made. */
type Any = Codec<any> & Partial<Pick<AttributeSet, 'root'>> & {
  readonly kind?: 'attributes' | 'struct' | 'choice' | 'flags'; readonly names?: Names; readonly number?: Codec<number>;
  readonly inner?: Any; readonly element?: Any; readonly type?: number | 'index'; readonly message?: Message;
  readonly fields?: Fields; readonly cases?: { readonly [tag: string]: Any }; readonly other?: Any;
};

type Level = AttributeSet['root'];

/** What a spec tells of a payload. */
type Told = Omit<SpecAttribute, 'name' | 'cName' | 'id'>;

const same = (ours: string, theirs: string): boolean =>
  ours === theirs || (theirs.startsWith('_') && `_${ours}`.endsWith(theirs)) || ours.endsWith(`_${theirs}`) || ours.endsWith(`.${theirs}`);

/** What lies on the wire; a struct with an array behind it stays whole. */
const unwrapped = (codec: Any): Any => (codec.inner && !codec.element ? unwrapped(codec.inner) : codec);

/** Compares all that a protocol declares with the specs of its families. `prefixes` are C prefixes of unused enums. */
export function compare(protocol: Protocol, specs: readonly Spec[], prefixes: { readonly [key: string]: string }): Report {
  const report: Report = { compared: 0, wrong: new Map(), weLack: new Map(), specsLack: new Map() };
  const met = new Map<object, Set<unknown>>(), tables = new Set<Names>(), done = new Map<object, Set<object>>();
  const note = (list: Map<string, Finding>, key: string, text: string): void => void (list.has(key) || list.set(key, { key, text }));
  const wrong = (key: string, text: string): void => note(report.wrong, key, text);
  const meet = (thing: object, part: unknown): void => {
    report.compared++;
    met.set(thing, (met.get(thing) ?? new Set()).add(part));
  };
  const first = (theirs: object, ours: object): boolean => {
    const before = done.get(theirs) ?? new Set();
    done.set(theirs, before);
    return before.size !== before.add(ours).size;
  };

  function set(spec: Spec, theirs: SpecSet, ours: Level, tag?: string): void {
    if (!met.has(theirs)) met.set(theirs, new Set());
    if (!first(theirs, ours)) return;
    ours.byId.forEach((entry) => {
      const { cName, id } = entry, a = theirs.attributes.find((one) => one.id === id), pad = entry.key === undefined && entry.level === undefined;
      if (!a || a.type === 'unused') {
        if (entry.key !== undefined) collect(entry.attribute.codec as Any);
        return note(report.specsLack, cName, `${cName} ${id} is not in ${spec.name} ${theirs.name}`);
      }
      meet(theirs, id);
      if (!same(cName, a.cName)) return wrong(cName, `${cName} is ${id}, in ${spec.name} that is ${a.cName}`);
      if (pad !== a.cName.endsWith('_PAD')) return wrong(cName, `${cName} is ${pad ? '' : 'not '}padding, in ${spec.name} it is ${a.type}`);
      if (entry.key !== undefined) return payload(spec, a, entry.attribute.codec as Any, cName, tag);
      if (entry.level === undefined) return;
      const nest = spec.sets.get(a.nested ?? '');
      if (nest) set(spec, nest, entry.level, tag);
      else note(report.specsLack, `${cName} *`, `what is in ${cName} is not in ${spec.name}`);
    });
  }

  function payload(spec: Spec, a: Told, wrapped: Any, key: string, tag?: string): void {
    const outer = unwrapped(wrapped), codec = outer.each ? unwrapped(outer.each as Any) : outer;
    collect(codec);
    if (a.multi !== Boolean(outer.each)) wrong(`${key} multi`, `${key} is ${a.multi ? '' : 'not '}repeated in ${spec.name}`);
    if (a.type === 'sub-message') return cases(spec, a, codec, key, tag);
    if (a.type === 'nest') return nested(spec, a, codec, key, tag);
    if (a.type === 'indexed-array') {
      if (!codec.element) return wrong(key, `${key} is an array in ${spec.name}, here ${codec.label}`);
      const { subType = 'binary', ...rest } = a;
      return payload(spec, { ...rest, type: subType, multi: false }, codec.element, `${key}[]`);
    }
    const struct = a.struct === undefined ? undefined : spec.structs.get(a.struct);
    if (struct && isStruct(codec)) return members(spec, struct, codec);
    leaf(spec, a, codec, key, struct?.size ?? a.length);
  }

  function nested(spec: Spec, a: Told, codec: Any, key: string, tag?: string): void {
    const theirs = spec.sets.get(a.nested ?? '');
    if (!theirs) return note(report.specsLack, `${key} *`, `what is in ${key} is not in ${spec.name}`);
    if (codec.root) return set(spec, theirs, codec.root, tag);
    if (codec.cases) {
      Object.entries(codec.cases).forEach(([tag, one]) => nested(spec, a, unwrapped(one), key, tag));
      return codec.other?.root && set(spec, theirs, codec.other.root);
    }
    if (codec.message) return set(spec, theirs, codec.message.body.root);
    const each = codec.element && theirs.attributes.find(({ id, multi }) => multi && (codec.type === 'index' || id === codec.type));
    if (!each) return wrong(key, `${key} is a nest of ${theirs.name} in ${spec.name}, here ${codec.label}`);
    met.set(theirs, met.get(theirs) ?? new Set());
    meet(theirs, each.id);
    payload(spec, { ...each, multi: false }, codec.element!, `${key}[]`);
  }

  function cases(spec: Spec, a: Told, codec: Any, key: string, tag?: string): void {
    const theirs = spec.subMessages.get(a.subMessage!)!;
    if (!codec.cases && tag !== undefined) return chosen(spec, theirs, tag, codec, key);
    if (!codec.cases) return wrong(key, `${key} depends on a sibling in ${spec.name}, here it is ${codec.label}`);
    for (const [tag, wrapped] of Object.entries(codec.cases)) chosen(spec, theirs, tag, unwrapped(wrapped), key);
  }

  function chosen(spec: Spec, theirs: ReadonlyMap<string, Format>, tag: string, ours: Any, key: string): void {
    const format = theirs.get(tag);
    if (!format) return note(report.specsLack, `${key} ${tag}`, `${key} of ${tag} is not in ${spec.name}`);
    meet(theirs, tag);
    if (ours.message) return halves(spec, format, ours.message, `${key} ${tag}`);
    if (format.header && isStruct(ours)) return members(spec, spec.structs.get(format.header)!, ours);
    if (format.set && ours.root) return set(spec, spec.sets.get(format.set)!, ours.root, tag);
    if (format.set || format.header || (ours.root && ours.root.byKey.size > 0))
      note(report.specsLack, `${key} ${tag}`, `${key} of ${tag} is ${JSON.stringify(format)} in ${spec.name}, here ${ours.label}`);
  }

  function halves(spec: Spec, format: { readonly header?: string; readonly set?: string }, message: Message, key: string): void {
    if (format.header) members(spec, spec.structs.get(format.header)!, message.header as Any);
    if (format.set) set(spec, spec.sets.get(format.set)!, message.body.root);
    else if (message.body.root.byId.length > 0 && key) note(report.specsLack, `${key} *`, `attributes of ${key} are not in ${spec.name}`);
  }

  function members(spec: Spec, theirs: SpecStruct, codec: Any): void {
    const ours = leaves(codec), { cName: name = theirs.cName, size } = (codec.inner ?? codec) as { cName?: string; size: number };
    if (!met.has(theirs)) met.set(theirs, new Set());
    if (!first(theirs, codec)) return;
    const tail = codec.element?.size ?? 0;
    if (size + tail !== theirs.size) wrong(`${name} size`, `struct ${name} has ${size + tail} bytes, in ${spec.name} ${theirs.size}`);
    const expected = flat(spec, theirs);
    for (const f of ours) {
      const m = expected.find(({ offset, size }) => offset <= f.offset && f.offset < offset + Math.max(size, 1)), key = `${name}.${f.cName}`;
      if (!m) {
        note(report.specsLack, key, `${key} at ${f.offset} is not in ${spec.name}`);
        continue;
      }
      for (const covered of expected) if (covered.offset >= f.offset && covered.offset < f.offset + f.codec.size) meet(theirs, covered.offset);
      if (!same(f.cName, m.cName)) wrong(key, `${key} is at ${f.offset}, in ${spec.name} that is ${m.cName}`);
      collect(f.codec);
      if (f.offset === m.offset && (f.codec.size === m.size || widths[m.type] === undefined)) leaf(spec, m, f.codec, key, m.size);
    }
  }

  function leaf(spec: Spec, a: Omit<Told, 'multi'>, codec: Any, key: string, length?: number): void {
    const width = widths[a.type];
    if (width !== undefined) {
      if (codec.size !== width && !(codec.size === 0 && codec.fits?.(width))) wrong(key, `${key} is ${a.type} in ${spec.name}, here ${codec.label} of ${codec.size} bytes`);
      else if (width > 1 && a.type !== 'bitfield32') {
        const order = orderOf(codec, width);
        if (order && order !== (a.bigEndian ? 'big' : 'host')) wrong(key, `${key} has ${a.bigEndian ? 'network' : 'host'} byte order in ${spec.name}, here not`);
      }
    } else if (a.type === 'string') {
      if (typeof reads(codec, [0x61, 0x62, 0x63, 0]) !== 'string') wrong(key, `${key} is a string in ${spec.name}, here ${codec.label}`);
    } else if (a.type === 'flag') {
      if (codec.size !== 0) wrong(key, `${key} is a flag in ${spec.name}, here ${codec.label}`);
    } else if (length !== undefined && codec.size !== 0 && codec.size !== length) {
      wrong(key, `${key} has ${length} bytes in ${spec.name}, here ${codec.size}`);
    }
    const words = a.enum === undefined ? undefined : spec.enums.get(a.enum);
    if (words && codec.names) enums(spec, words, codec.names, key);
  }

  function enums(spec: Spec, theirs: SpecEnum, ours: Names, key: string): void {
    if (!met.has(theirs)) met.set(theirs, new Set());
    if (!first(theirs, ours)) return;
    for (const [cName, number] of Object.values(ours)) {
      const entry = theirs.entries.find((one) => one.number === number) ?? theirs.entries.find((one) => same(cName, one.cName));
      if (!entry) note(report.specsLack, cName, `${cName} ${number} of ${key} is not in ${spec.name} ${theirs.name}`);
      else {
        meet(theirs, entry.number);
        if (entry.number !== number || !same(cName, entry.cName)) wrong(cName, `${cName} is ${number}, in ${spec.name} ${entry.cName} is ${entry.number}`);
      }
    }
  }

  /** Remembers the words of what a spec does not tie to an enum. */
  function collect(codec: Any): void {
    if (codec.names) tables.add(codec.names);
    if (isStruct(codec)) for (const f of leaves(codec)) if (f.codec.names) tables.add(f.codec.names);
    codec.root?.byId.forEach((entry) => entry.key !== undefined && collect(unwrapped(entry.attribute.codec as Any)));
  }

  const messages = new Map(Object.entries(protocol.messages).map(([type, entry]) => [Number(type), entry]));
  for (const spec of specs)
    for (const op of spec.operations) {
      const ours = messages.get(op.number);
      if (!ours) {
        note(report.weLack, `${spec.name} ${op.cName}`, `${op.cName} ${op.number} of ${spec.name}`);
        continue;
      }
      meet(protocol, op.number);
      if (!same(ours.cName, op.cName)) wrong(ours.cName, `${ours.cName} is ${op.number}, in ${spec.name} that is ${op.cName}`);
      else halves(spec, op, ours.message, '');
      const reply = messages.get(op.reply);
      if (!reply || reply === ours) continue;
      meet(protocol, op.reply);
      halves(spec, op, reply.message, '');
    }
  for (const [type, { cName, message }] of messages) {
    if (!met.get(protocol)?.has(type)) note(report.specsLack, cName, `${cName} ${type} is in none of the specs`);
    message.body.root.byId.forEach((entry) => entry.key !== undefined && collect(unwrapped(entry.attribute.codec as Any)));
  }
  for (const spec of specs)
    for (const theirs of spec.enums.values()) {
      const prefix = prefixes[`${spec.name} ${theirs.name}`];
      if (prefix === undefined) continue;
      for (const table of tables)
        if (Object.values(table).some(([cName]) => cName.startsWith(prefix))) enums(spec, theirs, table, theirs.name);
    }
  for (const spec of specs) lacking(spec, met, (key, text) => note(report.weLack, key, text));
  return report;
}

/** What a spec has and nothing of ours was compared with. */
function lacking(spec: Spec, met: ReadonlyMap<object, ReadonlySet<unknown>>, note: (key: string, text: string) => void): void {
  const whole = <T>(key: string, thing: object, parts: readonly T[], id: (part: T) => unknown, name: (part: T) => string): void => {
    const seen = met.get(thing);
    if (!seen) return note(key, `${key}, all of it`);
    for (const part of parts) if (!seen.has(id(part))) note(`${key} ${name(part)}`, `${key} ${name(part)}`);
  };
  for (const set of spec.sets.values())
    whole(`${spec.name} ${set.name}`, set, set.attributes.filter(({ type }) => type !== 'unused'), (a) => a.id, (a) => a.name);
  const inner = new Set([...spec.structs.values()].flatMap(({ members }) => members.map(({ struct }) => struct)));
  for (const struct of spec.structs.values())
    if (!inner.has(struct.name) || met.has(struct)) whole(`${spec.name} ${struct.name}`, struct, flat(spec, struct), (m) => m.offset, (m) => m.cName);
  for (const words of spec.enums.values())
    whole(`${spec.name} ${words.name}`, words, words.entries, (entry) => entry.number, (entry) => entry.cName);
  for (const [name, formats] of spec.subMessages)
    whole(`${spec.name} ${name}`, formats, [...formats.keys()], (tag) => tag, (tag) => tag);
}

/** Members of a struct, those of structs in it too, by their place. */
function flat(spec: Spec, struct: SpecStruct, from = 0): SpecMember[] {
  return struct.members.flatMap((m) => {
    const inner = m.struct === undefined ? undefined : spec.structs.get(m.struct);
    return inner ? flat(spec, inner, from + m.offset) : [{ ...m, offset: from + m.offset }];
  });
}

const isStruct = (codec: Any): boolean => codec.kind === 'struct' || (codec.inner?.kind === 'struct' && codec.element !== undefined);

/** Members of a struct of ours by their place; of one with an array behind it, those of the first element too. */
function leaves(codec: Any, from = 0): { cName: string; offset: number; codec: Any }[] {
  if (codec.inner && codec.element) return [...leaves(codec.inner, from), ...leaves(unwrapped(codec.element), from + codec.inner.size)];
  return Object.values(codec.fields ?? {}).flatMap((f) => {
    const inner = unwrapped(f.codec as Any);
    return inner.fields ? leaves(inner, from + f.offset) : [{ cName: f.cName, offset: from + f.offset, codec: inner }];
  });
}
