import type { Memory } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { DecodeError, EncodeError } from '../errors.ts';
import type { AttributeSet, AttributesInput, AttributesOutput, Declarations } from './attributes.ts';
import { show, type Owner, type Visitor } from './codec.ts';
import { projections, type Project } from './project.ts';
import { specialisedMessage } from './specialise.ts';
import type { Fields, Struct, StructValue } from './struct.ts';

/** `project` hangs on the function it stands for, so that a message with a `decode` of its own does not inherit it. */
export interface Decode<Out> {
  (m: Memory, at: number, end: number): Out;
  /** How to read some of its fields alone, for a filter that looks at some. */
  readonly project?: (fields: readonly string[], looksAt: readonly string[]) => Project<Out>;
}

/** What a message type carries: a fixed struct and attributes behind it, together one object for the user. */
export interface Message<Out extends object = object, In extends object = object> {
  /** What it is about: `link`. */
  readonly name: string;
  readonly header: Struct<Fields>;
  readonly body: AttributeSet;
  /** Reads the payload between `at` and `end`. */
  readonly decode: Decode<Out>;
  /** Writes the payload of a message. */
  encode(w: Writer, value: In): void;
  visit(visitor: Visitor, m: Memory, at: number, end: number): void;
}

export type MessageOutput<F extends Fields, D extends Declarations> = StructValue<F> & AttributesOutput<D>;
export type MessageInput<F extends Fields, D extends Declarations> = Partial<Undefinable<StructValue<F>>> & AttributesInput<D>;
type Undefinable<T> = { [K in keyof T]: T[K] | undefined };

/** What a message is read as. */
export type Decoded<M> = M extends Message<infer Out, any> ? Out : never;
/** What a message is written from. */
export type Encodable<M> = M extends Message<any, infer In> ? In : never;

export function message<F extends Fields, D extends Declarations>(
  name: string, header: Struct<F>, body: AttributeSet<D>,
): Message<MessageOutput<F, D>, MessageInput<F, D>> {
  const aligned = (header.size + 3) & ~3;
  const quick = specialisedMessage(body.root, header as unknown as Struct<Fields>);
  const decode = (m: Memory, at: number, end: number): MessageOutput<F, D> => {
    if (end > m.bytes.length || at > end) throw new DecodeError('a message that ends outside its buffer', at);
    const read = quick(m, at, end);
    if (read !== undefined) return read as MessageOutput<F, D>;
    const value: Owner = {};
    header.readInto(value, m, at, end);
    if (end - at > aligned) body.readInto(value, m, at + aligned, end, at);
    else body.readInto(value, m, end, end, at);
    return value as MessageOutput<F, D>;
  };
  return {
    name, header: header as unknown as Struct<Fields>, body: body as unknown as AttributeSet,
    decode: Object.assign(decode, { project: projections(body.root, header as unknown as Struct<Fields>, decode) }),
    encode(w, value) {
      if (typeof value !== 'object' || value === null) throw new EncodeError(`must be an object, got ${show(value)}`);
      const base = w.at;
      header.writeFrom(w, value as Owner, base);
      w.align();
      body.writeFrom(w, value as Owner, base, header.fields);
    },
    visit(visitor, m, at, end) {
      const self: Owner = {};
      header.readInto(self, m, at, end);
      visitor.nest('', header.label, at, Math.min(at + header.size, end), () => header.visit!(visitor, m, at, Math.min(at + header.size, end), self, at));
      if (end - at <= aligned) return;
      body.visitInto(self, visitor, m, at + aligned, end, at);
    },
  };
}
