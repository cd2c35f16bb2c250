import { getText, encodeText } from '../bytes/text.ts';
import { DecodeError, EncodeError } from '../errors.ts';
import { checkObject, show, type Codec } from '../schema/codec.ts';
import { copyOf } from '../schema/leaves.ts';

/**
 * Bytes that the kernel keeps for its users and never looks into. nft puts entries of type, length and value there,
 * the comment among them; what others put there is kept as `unknown` of the whole object.
 */
export interface Userdata {
  /** What `nft list` shows as `comment "..."`, up to 128 bytes for nft. */
  comment?: string | undefined;
  /** nft's other entries. */
  entries?: readonly UserdataEntry[] | undefined;
}

export interface UserdataEntry {
  readonly type: number;
  readonly data: Uint8Array;
}

/** `comment` is the number that nft gives the comment: it differs between the sorts of objects. */
export const userdata = (comment: number): Codec<Userdata> => ({
  label: 'userdata', size: 0,
  read(m, at, end) {
    const value: Userdata = {}, entries: UserdataEntry[] = [];
    while (at < end) {
      const type = m.bytes[at]!, from = at + 2, to = from + m.bytes[at + 1]!;
      if (from > end || to > end) throw new DecodeError('no userdata of nft', at);
      if (type === comment && m.bytes[to - 1] === 0) value.comment = getText(m.bytes, from, to);
      else entries.push({ type, data: copyOf(m, from, to) });
      at = to;
    }
    if (entries.length > 0) value.entries = entries;
    return value;
  },
  write(w, value) {
    checkObject(value);
    const entries = checked(value.entries ?? []), text = value.comment;
    if (text !== undefined) {
      if (typeof text !== 'string' || text.includes('\0'))
        throw new EncodeError(`must be a string without NUL, got ${show(text)}`, 'comment');
      entries.push({ type: comment, data: new Uint8Array([...encodeText(text), 0]) });
    }
    for (const { type, data } of entries.sort((a, b) => a.type - b.type)) {
      if (data.length > 255)
        throw new EncodeError(`must be at most 255 bytes long, got ${data.length}`, type === comment ? 'comment' : 'entries');
      w.u8(type);
      w.u8(data.length);
      w.bytes(data);
    }
  },
});

function checked(entries: readonly UserdataEntry[]): UserdataEntry[] {
  if (!Array.isArray(entries)) throw new EncodeError(`must be an array of { type, data }, got ${show(entries)}`, 'entries');
  entries.forEach((entry, i) => {
    const { type, data } = Object(entry) as UserdataEntry;
    if (!(Number.isInteger(type) && type >= 0 && type <= 0xff && data instanceof Uint8Array))
      throw new EncodeError(`must be { type, data }, a number of 8 bits and a Uint8Array, got ${show(entry)}`, `entries[${i}]`);
  });
  return [...entries];
}
