import { encodeText } from '../../bytes/text.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { each } from '../element/operations.ts';
import { change } from '../change.ts';
import { setMessage } from '../set/message.ts';
import { bytesOf, registers } from '../set/datatype.ts';
import { complete } from '../set/operations.ts';
import { encodeValue, isOrdered, maskOf, rangeOf, type Value } from '../set/value.ts';
import { NFT_REG_1, NFT_REG_VERDICT, registerAt } from '../register.ts';
import { NFT_MSG } from '../types.ts';
import { NLM_F } from '../../wire/header.ts';
import { compare, write, type Context, type Statement } from './context.ts';
import { later } from '../../schema/later.ts';

/** What a set without a name is made with. */
const nameless = later({ each: () => each, setMessage: () => setMessage, complete: () => complete });

/** Something of a packet that can be looked at: it loads itself into the first register, or into another. */
export interface Selector {
  /** One of nft's types. */
  readonly type: string;
  readonly load: (context: Context, register?: number) => void;
  /** Sees to it that the packet has such a thing. */
  readonly need?: (context: Context) => void;
  /** Loads only the first bytes, where a prefix needs no more. */
  readonly loadBytes?: (context: Context, bytes: number) => void;
  /** What is known of the packet where it is equal to one value. */
  readonly learn?: (context: Context, value: Value) => void;
}

/** Bits of a value: equal where `(it & mask) == value`. */
export interface Masked {
  readonly value: Value;
  readonly mask: Value;
}

/** A value, a range or prefix, `@set`, some bits, or several values of which one must fit. */
export type Matcher = Value | Masked | readonly Value[];

/** Goes on with the rule where the selector fits, or with `not` where it does not. */
export const match = (selector: Selector, matcher: Matcher, not: boolean): Statement => (context) => {
  const { type } = selector;
  if (Array.isArray(matcher)) return matchAny(context, selector, matcher as Value[], not);
  if (typeof matcher === 'object') {
    const { value, mask } = matcher as Masked;
    selector.load(context);
    masked(context, encodeValue(type, mask));
    return compare(context, encodeValue(type, value), not ? 'neq' : 'eq');
  }
  const value = matcher as Value;
  if (typeof value === 'string' && value.startsWith('@')) return lookup(context, selector, value.slice(1), not);
  if (type === 'ifname' && String(value).endsWith('*')) {
    selector.load(context);
    return compare(context, Uint8Array.from(encodeText(String(value).slice(0, -1))), not ? 'neq' : 'eq');
  }
  const { first, last, prefix } = rangeOf(type, value);
  if (prefix !== undefined && prefix < first.length * 8) return matchPrefix(context, selector, first, prefix, not);
  if (Buffer.compare(first, last) !== 0) return matchRange(context, selector, first, last, not);
  selector.load(context);
  compare(context, first, not ? 'neq' : 'eq');
  if (!not) selector.learn?.(context, value);
};

/** Loads several fields one after the other, as the keys of a set with joined types have them. */
export function loadJoined(context: Context, fields: readonly Selector[]): void {
  // what a field needs is compared in the first register: before anything lies there
  for (const { need } of fields) need?.(context);
  let bytes = 0;
  for (const { type, load } of fields) {
    load(context, registerAt(bytes));
    bytes += registers(bytesOf(type));
  }
  if (bytes > 64) throw new EncodeError(`the joined fields have ${bytes} bytes, and there are registers for 64`);
}

/** Goes on with the rule where the joined fields are in a set, or with `not` where they are not. */
export const joinedIn = (fields: () => readonly Selector[], set: string, not: boolean): Statement => (context) => {
  loadJoined(context, fields());
  write(context, 'lookup', { set: set.replace(/^@/, ''), sreg: NFT_REG_1, ...(not ? { flags: { invert: true } } : {}) });
};

/** Looks the joined fields up in a map of verdicts. */
export const joinedVerdict = (fields: () => readonly Selector[], map: string): Statement => (context) => {
  loadJoined(context, fields());
  write(context, 'lookup', { set: map.replace(/^@/, ''), sreg: NFT_REG_1, dreg: NFT_REG_VERDICT });
};

/** Looks the selector up in a map of verdicts. */
export const verdictMap = (selector: Selector, map: string): Statement => (context) => {
  selector.load(context);
  write(context, 'lookup', { set: map.replace(/^@/, ''), sreg: NFT_REG_1, dreg: NFT_REG_VERDICT });
};

/** Goes on with the rule where any of the bits is set. */
export const matchBits = (selector: Selector, bits: number, not: boolean): Statement => (context) => {
  const { type } = selector;
  selector.load(context);
  masked(context, encodeValue(type, bits));
  compare(context, encodeValue(type, 0), not ? 'eq' : 'neq');
};

function matchPrefix(context: Context, selector: Selector, first: Uint8Array, prefix: number, not: boolean): void {
  if (prefix > 0 && prefix % 8 === 0 && selector.loadBytes) {
    selector.loadBytes(context, prefix / 8);
    return compare(context, first.subarray(0, prefix / 8), not ? 'neq' : 'eq');
  }
  selector.load(context);
  masked(context, maskOf(prefix, first.length));
  compare(context, first, not ? 'neq' : 'eq');
}

function matchRange(context: Context, selector: Selector, first: Uint8Array, last: Uint8Array, not: boolean): void {
  if (!isOrdered(selector.type)) throw new EncodeError(`a range of ${selector.type} cannot be compared byte by byte`);
  selector.load(context);
  if (not) return write(context, 'range', { sreg: NFT_REG_1, op: 'neq', from: { value: first }, to: { value: last } });
  compare(context, first, 'gte');
  compare(context, last, 'lte');
}

/** Several values are a set without a name, made and gone with the rule. */
function matchAny(context: Context, selector: Selector, values: readonly Value[], not: boolean): void {
  const id = context.newId?.(), { type } = selector;
  if (id === undefined) throw new EncodeError('a list of values needs a transaction, which makes a set for it');
  if (values.length === 0) throw new EncodeError(`must be a list of values, got ${show(values)}`);
  const interval = values.some((value) => typeof value === 'string' && type !== 'ifname' && /[/-]/.test(value));
  const set = {
    family: context.family, table: context.table, name: '__set%d', id, keyType: type,
    flags: { anonymous: true, constant: true, interval },
    ...(interval ? {} : { description: { size: values.length } }),
  };
  context.sets.push(change('rule.add', NFT_MSG.NEWSET, NLM_F.CREATE, nameless.setMessage, nameless.complete(set)));
  const elements = nameless.each('rule.add', NFT_MSG.NEWSETELEM, NLM_F.CREATE, set, values, 'add');
  context.sets.push(...(elements.messages?.(() => 0) ?? [elements]));
  lookup(context, selector, set.name, not, id);
}

function lookup(context: Context, selector: Selector, set: string, not: boolean, setId?: number): void {
  selector.load(context);
  write(context, 'lookup', { set, sreg: NFT_REG_1, ...(setId === undefined ? {} : { setId }),
    ...(not ? { flags: { invert: true } } : {}) });
}

function masked(context: Context, mask: Uint8Array): void {
  const length = mask.length;
  write(context, 'bitwise', { sreg: NFT_REG_1, dreg: NFT_REG_1, length, mask: { value: mask },
    xor: { value: new Uint8Array(length) } });
}
