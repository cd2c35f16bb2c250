import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A kernel's YAML spec of a netlink family, as far as it can be compared with our declarations. */
export interface Spec {
  readonly name: string;
  readonly sets: ReadonlyMap<string, SpecSet>;
  readonly structs: ReadonlyMap<string, SpecStruct>;
  readonly enums: ReadonlyMap<string, SpecEnum>;
  readonly subMessages: ReadonlyMap<string, ReadonlyMap<string, Format>>;
  readonly operations: readonly SpecOperation[];
}

export interface SpecSet {
  readonly name: string;
  readonly attributes: readonly SpecAttribute[];
}

/** `cName` is whole where the spec gives a prefix; else it is the end of the C name, starting with `_`. */
export interface SpecAttribute extends Typed {
  readonly name: string;
  readonly cName: string;
  readonly id: number;
  readonly nested?: string;
  readonly subMessage?: string;
  readonly subType?: string;
  readonly multi: boolean;
}

interface Typed {
  readonly type: string;
  readonly bigEndian: boolean;
  readonly enum?: string;
  readonly struct?: string;
  /** Bytes, where they are told for something that is no number. */
  readonly length?: number;
}

export interface SpecStruct {
  readonly name: string;
  readonly cName: string;
  readonly size: number;
  readonly members: readonly SpecMember[];
}

export interface SpecMember extends Typed {
  readonly cName: string;
  readonly offset: number;
  readonly size: number;
}

export interface SpecEnum {
  readonly name: string;
  readonly kind: 'enum' | 'flags';
  readonly entries: readonly { readonly cName: string; readonly number: number }[];
}

export interface Format {
  readonly header?: string;
  readonly set?: string;
}

export interface SpecOperation {
  readonly cName: string;
  /** The type of the request, and that of the message that answers it. */
  readonly number: number;
  readonly reply: number;
  readonly set?: string;
  readonly header?: string;
}

export const widths: Readonly<Record<string, number>> = {
  u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8, bitfield32: 8,
};

type Yaml = { readonly [key: string]: any };

const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_');
const named = (prefix: string | undefined, name: string): string => prefix === undefined ? `_${upper(name)}` : upper(prefix + name);

export function readSpec(folder: string, name: string): Spec {
  const yaml: Yaml = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const definitions: Yaml[] = yaml['definitions'] ?? [];
  const sets = new Map<string, SpecSet>();
  for (const set of yaml['attribute-sets'] as Yaml[]) sets.set(set['name'], attributeSet(set, sets));
  const structs = new Map<string, SpecStruct>();
  const raw = new Map(definitions.filter((d) => d['type'] === 'struct').map((d) => [d['name'] as string, d]));
  for (const key of raw.keys()) structOf(key, raw, structs);
  return {
    name, sets, structs,
    enums: new Map(definitions.filter((d) => d['type'] !== 'struct').map((d) => [d['name'], enumOf(d)])),
    subMessages: new Map(((yaml['sub-messages'] ?? []) as Yaml[]).map((sub) => [sub['name'], formats(sub['formats'])])),
    operations: operations(yaml['operations']),
  };
}

function attributeSet(set: Yaml, earlier: ReadonlyMap<string, SpecSet>): SpecSet {
  const whole = set['subset-of'] && earlier.get(set['subset-of']);
  let next = 1;
  const attributes = (set['attributes'] as Yaml[]).map((a): SpecAttribute => {
    const same = whole?.attributes.find(({ name }: SpecAttribute) => name === a['name']);
    const id = a['value'] ?? same?.id ?? next;
    next = id + 1;
    const own: SpecAttribute = {
      ...typed(a), name: a['name'], cName: named(a['name-prefix'] ?? set['name-prefix'], a['name']), id,
      ...(a['nested-attributes'] ? { nested: a['nested-attributes'] } : {}),
      ...(a['sub-message'] ? { subMessage: a['sub-message'] } : {}),
      ...(a['sub-type'] ? { subType: a['sub-type'] } : {}),
      multi: Boolean(a['multi-attr']),
    };
    return same ? { ...same, ...own, cName: same.cName, type: a['type'] ?? same.type } : own;
  });
  return { name: set['name'], attributes };
}

function typed(a: Yaml): Typed {
  const length = a['len'] ?? a['checks']?.['exact-len'];
  return {
    type: a['type'], bigEndian: a['byte-order'] === 'big-endian',
    ...(a['enum'] ? { enum: a['enum'] } : {}),
    ...(a['struct'] ? { struct: a['struct'] } : {}),
    ...(typeof length === 'number' ? { length } : {}),
  };
}

/** Members lie where a C compiler puts them; padding that the spec spells out takes its place as any member does. */
function structOf(name: string, raw: ReadonlyMap<string, Yaml>, made: Map<string, SpecStruct>): { size: number; align: number } {
  const d = raw.get(name)!, members: SpecMember[] = [];
  let at = 0, align = 1;
  for (const member of d['members'] as Yaml[]) {
    const width = widths[member['type']];
    const inner = member['struct'] === undefined ? undefined : structOf(member['struct'], raw, made);
    const size = width ?? inner?.size ?? member['len'] ?? 0, own = width ?? inner?.align ?? 1;
    at = Math.ceil(at / own) * own;
    align = Math.max(align, own);
    if (member['type'] !== 'pad') members.push({ ...typed(member), cName: member['name'].replaceAll('-', '_'), offset: at, size });
    at += size;
  }
  const size = Math.ceil(at / align) * align;
  made.set(name, { name, cName: name.replaceAll('-', '_'), size, members });
  return { size, align };
}

function enumOf(d: Yaml): SpecEnum {
  let next: number = d['value-start'] ?? 0;
  const entries = (d['entries'] as (string | Yaml)[]).map((entry) => {
    const name = typeof entry === 'string' ? entry : entry['name'];
    const value: number = typeof entry === 'string' ? next : entry['value'] ?? next;
    next = value + 1;
    return { cName: named(d['name-prefix'], name), number: d['type'] === 'flags' ? (1 << value) >>> 0 : value };
  });
  return { name: d['name'], kind: d['type'], entries };
}

const formats = (list: Yaml[]): Map<string, Format> => new Map(list.map((format) => [String(format['value']), {
  ...(format['fixed-header'] ? { header: format['fixed-header'] } : {}),
  ...(format['attribute-set'] ? { set: format['attribute-set'] } : {}),
}]));

function operations(all: Yaml): SpecOperation[] {
  return (all['list'] as Yaml[]).flatMap((op) => {
    const request: number | undefined = op['do']?.['request']?.['value'] ?? op['dump']?.['request']?.['value'];
    if (request === undefined) return [];
    const reply: number = op['do']?.['reply']?.['value'] ?? op['dump']?.['reply']?.['value'] ?? request;
    const header = op['fixed-header'] ?? all['fixed-header'];
    return [{
      cName: named(all['name-prefix'], op['name']), number: request, reply,
      ...(op['attribute-set'] ? { set: op['attribute-set'] } : {}), ...(header ? { header } : {}),
    }];
  });
}
