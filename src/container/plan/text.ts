import { printable } from '../../bytes/text.ts';

/** A call as it would be written: `link.add({ name: 'br0', kind: 'bridge' })`. */
export const callText = (name: string, args: readonly unknown[]): string => `${name}(${args.map(literal).join(', ')})`;

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${printable(value.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`))}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `bytes of ${value.length}`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if ('$link' in value) return literal(value.$link);
  if ('$place' in value) return 'container.ns';
  if ('fd' in value) return 'container.ns'; // a namespace, whose number means nothing to a reader
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return fields.length === 0 ? '{}' : `{ ${fields.map(([key, inner]) => `${/^[\w$]+$/.test(key) ? key : literal(key)}: ${literal(inner)}`).join(', ')} }`;
}
