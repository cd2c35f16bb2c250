import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { bytesOf, fieldsOf, keyLength, registers, type DataType } from '../set/datatype.ts';
import type { NftSet } from '../set/message.ts';
import { after, decodeValue, encodeValue, rangeOf, type Value } from '../set/value.ts';
import type { Verdict } from '../verdict.ts';
import type { Element } from './message.ts';

/** What must be known of a set to write its elements; a set as `set.list` gives it will do. */
export interface SetTypes {
  readonly keyType?: DataType | undefined;
  readonly dataType?: DataType | undefined;
  readonly flags?: NftSet['flags'];
}

/** A value, or one for each of the joined types. In interval sets `10.0.0.0/8` and `80-90` too. */
export type Key = Value | readonly Value[];

/** An element: its key alone, or more about it. */
export type ElementInput = Key | Element | {
  readonly key: Key;
  /** The value of a map: `{ code: 'jump', chain: 'x' }` in one of verdicts. */
  readonly data?: Key | Verdict | undefined;
  /** Milliseconds. */
  readonly timeout?: number | bigint | undefined;
  readonly comment?: string | undefined;
  /** The object that an element of a map of objects names. */
  readonly object?: string | undefined;
};

/** Elements as the kernel has them: an interval takes two, where it begins and where it is over. */
export const elementsOf = (set: SetTypes, inputs: readonly ElementInput[]): Element[] =>
  inputs.flatMap((input) => elementOf(set, input));

function elementOf(set: SetTypes, input: ElementInput): Element[] {
  if (typeof input !== 'object' || Array.isArray(input)) return keysOf(set, input as Key);
  const { key, data, timeout, comment, object, ...rest } =
    input as Extract<ElementInput, { readonly key: Key }> & Element;
  if (isWire(key)) return [input as Element];
  const more: Element = rest;
  if (data !== undefined) more.data = dataOf(set, data);
  if (timeout !== undefined) more.timeout = BigInt(timeout);
  if (comment !== undefined) more.userdata = { comment };
  if (object !== undefined) more.object = object;
  const [first, ...end] = keysOf(set, key);
  return [{ ...first, ...more }, ...end];
}

const isWire = (key: unknown): boolean => typeof key === 'object' && !Array.isArray(key) || key === undefined;

function dataOf({ dataType }: SetTypes, data: Key | Verdict): NonNullable<Element['data']> {
  if (typeof data === 'object' && 'code' in data) return { verdict: data };
  if (dataType === undefined) throw new EncodeError('needs the type of the map\'s values, dataType');
  return { value: joined(fieldsOf(dataType), data as Key, encodeValue) };
}

function keysOf(set: SetTypes, key: Key): Element[] {
  if (key === '*') return [{ flags: { catchall: true } }];
  if (set.keyType === undefined) throw new EncodeError('needs the type of the set\'s keys, keyType');
  const fields = fieldsOf(set.keyType);
  if (!set.flags?.interval) return [{ key: { value: joined(fields, key, encodeValue) } }];
  if (fields.length > 1) {
    const first = joined(fields, key, (type, value) => rangeOf(type, value).first);
    const last = joined(fields, key, (type, value) => rangeOf(type, value).last);
    return [{ key: { value: first }, keyEnd: { value: last } }];
  }
  const { first, last } = rangeOf(fields[0]!, only(key)), end = after(last);
  return [{ key: { value: first } }, ...(end ? [{ key: { value: end }, flags: { intervalEnd: true } }] : [])];
}

function only(key: Key): Value {
  if (typeof key !== 'object') return key;
  if (key.length !== 1) throw new EncodeError(`must be one value, got ${show(key)}`);
  return key[0]!;
}

/** Joined values begin at whole registers. */
function joined(fields: readonly string[], key: Key, encode: (type: string, value: Value) => Uint8Array): Uint8Array {
  const values = typeof key === 'object' ? key : fields.length === 1 ? [key] : String(key).split(' . ');
  if (values.length !== fields.length)
    throw new EncodeError(`must be ${fields.length} values, ${fields.join(' . ')}, got ${show(key)}`);
  if (fields.length === 1) return encode(fields[0]!, values[0]!);
  const bytes = new Uint8Array(keyLength(fields.join('.')));
  let at = 0;
  for (const [i, type] of fields.entries()) {
    bytes.set(encode(type, values[i]!), at);
    at += registers(bytesOf(type));
  }
  return bytes;
}

/** An element's key for people: `10.0.0.1`, `10.0.0.1 . 80`; where an interval is over, `<10.0.0.9`. */
export function keyText({ keyType }: SetTypes, element: Element): string {
  if (element.flags?.catchall) return '*';
  const first = split(keyType, element.key?.value), last = element.keyEnd && split(keyType, element.keyEnd.value);
  const text = first.map((value, i) => (last && last[i] !== value ? `${value}-${last[i]}` : String(value))).join(' . ');
  return element.flags?.intervalEnd ? `<${text}` : text;
}

/** The value of an element of a map for people: `10.0.0.1 . 80`, or what the verdict says. */
export function dataText({ dataType }: SetTypes, { data, object }: Element): string {
  if (object !== undefined) return object;
  const { verdict, value } = data ?? {};
  if (verdict !== undefined) return [verdict.code, verdict.chain].filter((word) => word !== undefined).join(' ');
  return value === undefined ? '' : split(dataType, value).join(' . ');
}

function split(type: DataType | undefined, bytes: Uint8Array = new Uint8Array()): Value[] {
  if (typeof type !== 'string') return [show(bytes)];
  const fields = fieldsOf(type);
  let at = 0;
  return fields.map((field) => {
    const value = decodeValue(field, bytes.subarray(at));
    at += registers(bytesOf(field));
    return value;
  });
}
