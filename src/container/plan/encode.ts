/** Arguments of calls as JSON, with what JSON has no word for: 64-bit numbers and bytes. */
export const encode = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) =>
  typeof inner === 'bigint' ? { $bigint: String(inner) }
  : inner instanceof Uint8Array ? { $bytes: Buffer.from(inner).toString('hex') }
  : isBuffer(inner) ? { $bytes: Buffer.from(inner.data).toString('hex') } : inner);

/** A Buffer has turned itself into this before it is asked for. */
const isBuffer = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer' &&
  Array.isArray((value as { data?: unknown }).data);

export const decode = (text: string): unknown => JSON.parse(text, (_, inner: unknown) => {
  if (typeof inner !== 'object' || inner === null) return inner;
  const { $bigint, $bytes } = inner as { $bigint?: unknown; $bytes?: unknown };
  if (typeof $bigint === 'string') return BigInt($bigint);
  return typeof $bytes === 'string' ? Uint8Array.from(Buffer.from($bytes, 'hex')) : inner;
});
