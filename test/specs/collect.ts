import type { AttributeSet } from '../../src/schema/attributes.ts';
import type { Names } from '../../src/schema/choice.ts';
import type { Codec } from '../../src/schema/codec.ts';
import type { Message } from '../../src/schema/message.ts';
import type { Protocol } from '../../src/schema/protocol.ts';
import type { Fields } from '../../src/schema/struct.ts';

/** A C name and the number that we say it has. */
export interface Constant {
  readonly cName: string;
  readonly number: number;
}

/** A member of a C struct, where we say it lies. */
export interface Member {
  readonly struct: string;
  readonly member: string;
  readonly offset: number;
}

export interface Collected {
  readonly constants: readonly Constant[];
  readonly members: readonly Member[];
  readonly sizes: readonly { readonly struct: string; readonly size: number }[];
}

type Any = Codec<any> & Partial<Pick<AttributeSet, 'root'>> & {
  readonly cName?: string; readonly names?: Names; readonly inner?: Any; readonly element?: Any; readonly type?: number | 'index';
  readonly message?: Message; readonly fields?: Fields; readonly cases?: { readonly [tag: string]: Any }; readonly other?: Any; readonly each?: Any;
};

/** Every C name that the declarations of a protocol hold, each once. */
export function collect(protocols: readonly Protocol[]): Collected {
  const constants = new Map<string, Constant>(), members = new Map<string, Member>(), sizes = new Map<string, { struct: string; size: number }>();
  const seen = new Set<object>();
  const constant = (cName: string, number: number): void => void constants.set(`${cName} ${number}`, { cName, number });

  function level(root: AttributeSet['root']): void {
    if (seen.has(root)) return;
    seen.add(root);
    root.byId.forEach((entry) => {
      constant(entry.cName, entry.id);
      if (entry.key === undefined) entry.level && level(entry.level);
      else codec(entry.attribute.codec as Any);
    });
  }

  function codec(one: Any | undefined): void {
    if (!one || seen.has(one)) return;
    seen.add(one);
    for (const [cName, number] of Object.values(one.names ?? {})) constant(cName, number);
    if (one.fields) struct(one.cName!, one.size, one.fields);
    if (one.root) level(one.root);
    if (one.message) message(one.message);
    for (const inner of [one.inner, one.element, one.each, one.other, ...Object.values(one.cases ?? {})]) codec(inner);
  }

  function struct(name: string, size: number, fields: Fields): void {
    sizes.set(`${name} ${size}`, { struct: name, size });
    for (const { cName, offset, codec: inner } of Object.values(fields)) {
      members.set(`${name}.${cName} ${offset}`, { struct: name, member: cName, offset });
      codec(inner as Any);
    }
  }

  function message({ header, body }: Message): void {
    codec(header as Any);
    level(body.root);
  }

  for (const { messages } of protocols)
    for (const [type, { cName, message: declared }] of Object.entries(messages)) {
      constant(cName, Number(type));
      message(declared);
    }
  return { constants: [...constants.values()], members: [...members.values()], sizes: [...sizes.values()] };
}
