import { Writer } from '../../bytes/writer.ts';
import { writeAttribute, type Attribute, type AttributeSet, type RawAttribute } from '../../schema/attributes.ts';
import type { Codec, Owner } from '../../schema/codec.ts';
import { NLA_TYPE_MASK } from '../../wire/header.ts';

/**
 * The fields of `wanted` that `present` does not have so; undefined where there are none. Values are compared as they
 * are sent, so that `FE80::1` is `fe80::1`; what the kernel only reports is left out.
 */
export function difference(set: AttributeSet, wanted: Owner, present: Owner): Owner | undefined {
  const changes: Owner = {};
  for (const [key, value] of Object.entries(wanted)) {
    const attribute = set.declarations[key];
    if (value === undefined || attribute === undefined || attribute.readOnly) continue;
    const inner = nestOf(attribute.codec, wanted);
    const change = inner
      ? difference(inner, value as Owner, (present[key] ?? {}) as Owner)
      : changed(attribute, key, wanted, present);
    if (change !== undefined) changes[key] = change;
  }
  const raw = changedRaw(
    wanted['unknown'] as RawAttribute[] | undefined,
    present['unknown'] as RawAttribute[] | undefined,
  );
  if (raw.length > 0) changes['unknown'] = raw;
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/** The set of attributes that a nested payload is, where it is one. */
function nestOf(codec: Codec<unknown>, owner: Owner): AttributeSet | undefined {
  const nest = codec as Partial<AttributeSet> & { pick?(owner: Owner): Codec<unknown> };
  if (nest.pick) return nestOf(nest.pick(owner), owner);
  return nest.kind === 'attributes' ? (nest as AttributeSet) : undefined;
}

function changed(attribute: Attribute<any>, key: string, wanted: Owner, present: Owner): unknown {
  const was = present[key], now = wanted[key], { kind } = attribute.codec as { kind?: string };
  if (kind === 'masked') return changedFlags(now as Owner, (was ?? {}) as Owner);
  // without a mask all of them are sent; some are the kernel's own, like those of a tunnel that say what it can
  if (kind === 'flags') return changedFlags(now as Owner, (was ?? {}) as Owner) && { ...was as Owner, ...now as Owner };
  if (attribute.codec.label === 'clock ticks' && typeof was === 'number' && typeof now === 'number' && kept(now) === Math.round(was * 100))
    return undefined;
  if (was !== undefined && Buffer.compare(sent(attribute, was, present), sent(attribute, now, wanted)) === 0)
    return undefined;
  return now;
}

/**
 * What a kernel that counts in jiffies of 4 ms makes of a time, in ticks of 10 ms: both ways it rounds down. One that
 * counts finer keeps it as it is, which is compared too.
 */
const kept = (seconds: number): number => Math.floor(Math.floor(Math.round(seconds * 100) * 2.5) / 2.5);

/** Each flag stands for itself: what is not spoken of may be as it is. */
function changedFlags(wanted: Owner, present: Owner): Owner | undefined {
  const changes = Object.entries(wanted).filter(([flag, on]) => on !== undefined && on !== (present[flag] ?? false));
  return changes.length > 0 ? Object.fromEntries(changes) : undefined;
}

function sent({ id, codec }: Attribute<any>, value: unknown, owner: Owner): Uint8Array {
  const w = new Writer(256);
  writeAttribute(w, id, codec, value, owner, 0);
  return w.written();
}

const changedRaw = (wanted: readonly RawAttribute[] = [], present: readonly RawAttribute[] = []): RawAttribute[] =>
  wanted.filter(({ type, data }) =>
    !present.some((p) => ((p.type ^ type) & NLA_TYPE_MASK) === 0 && Buffer.compare(p.data, data) === 0));
