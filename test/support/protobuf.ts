/** As much of protobuf as the tests need to speak with containerd: fields by their numbers. */

export type Field = readonly [number: number, value: string | number | boolean | readonly Field[] | undefined];

/** What is undefined is left out, as protobuf leaves out defaults. */
export function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'number' || typeof value === 'boolean') return [varint(number << 3), varint(Number(value))];
    const bytes = typeof value === 'string' ? Buffer.from(value) : encode(value);
    return [varint((number << 3) | 2), varint(bytes.length), bytes];
  }));
}

/** The values of a field, in their order: numbers, or the bytes of a string or a message. */
export function decode(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = next(), kind = tag & 7;
    if (kind !== 0 && kind !== 2) throw new Error(`wire type ${kind} of field ${tag >> 3}`);
    const number = next(), value = kind === 0 ? number : bytes.subarray(at, (at += number));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}
