import { get32, set32 } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { show, type Codec } from '../../schema/codec.ts';

/** `TC_H_ROOT`, `TC_H_INGRESS` and the hooks of clsact, of include/uapi/linux/pkt_sched.h. */
export const TC_H_ROOT = 0xffffffff, TC_H_INGRESS = 0xfffffff1, TC_H_CLSACT_INGRESS = 0xfffffff2, TC_H_CLSACT_EGRESS = 0xfffffff3;

type Words = { readonly [word: string]: number };

/** Where a qdisc or class hangs; `clsact` is the same place as `ingress`. */
const places: Words = { root: TC_H_ROOT, ingress: TC_H_INGRESS, clsact: TC_H_INGRESS, none: 0 };

/** Where a filter hangs: `ingress` and `egress` are the two hooks of clsact. */
const hooks: Words = { root: TC_H_ROOT, ingress: TC_H_CLSACT_INGRESS, egress: TC_H_CLSACT_EGRESS, none: 0 };

const spell = (id: number): string => {
  const major = id >>> 16, minor = id & 0xffff;
  return `${major === 0 && minor !== 0 ? '' : major.toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
};

/** The number of `1:10`, `1:`, `:10` (hexadecimal, as `tc` has it) or of one of the words; undefined for other text. */
function parse(text: string, words: Words): number | undefined {
  if (Object.hasOwn(words, text)) return words[text];
  const [, major, minor] = /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(text) ?? [];
  if (major === undefined || minor === undefined || (major === '' && minor === '')) return undefined;
  return ((parseInt(major || '0', 16) << 16) | parseInt(minor || '0', 16)) >>> 0;
}

function handles(label: string, words: Words): Codec<string> {
  const byNumber = new Map(Object.entries(words).map(([word, number]) => [number, word]).reverse() as [number, string][]);
  const read = (id: number): string => byNumber.get(id) ?? spell(id);
  return {
    label, size: 4,
    read: (m, at) => read(get32(m, at)),
    write(w, value) {
      const id = typeof value === 'string' ? parse(value, words) : undefined;
      if (id === undefined)
        throw new EncodeError(`must be like 1:10${Object.keys(words).map((word) => ` or ${word}`).join('')}, got ${show(value)}`);
      const at = w.take(4);
      set32(w.memory, at, id);
    },
  };
}

/** `1:10`, both ways: major and minor number in hexadecimal. */
export const handle = handles('handle', {});
/** A class by its handle, `none` for none. */
export const classid = handles('class', { none: 0, root: TC_H_ROOT });
export const qdiscParent = handles('parent', places);
export const filterParent = handles('parent', hooks);

/** `800:1:801`, a node of a u32 filter: table, bucket and node in hexadecimal; parts that are 0 are left out. */
export function spellU32(id: number): string {
  const table = id >>> 20, bucket = (id >>> 12) & 0xff, node = id & 0xfff;
  return `${table.toString(16)}:${bucket ? bucket.toString(16) : ''}${node ? `:${node.toString(16)}` : ''}`;
}

/** The number of `800:1:801`, `800::801` or `800:`. */
function parseU32(text: string): number | undefined {
  const [, table, bucket, node] = /^([0-9a-f]{1,3}):([0-9a-f]{0,2})(?::([0-9a-f]{0,3}))?$/i.exec(text) ?? [];
  if (table === undefined) return undefined;
  return ((parseInt(table, 16) << 20) | (parseInt(bucket || '0', 16) << 12) | parseInt(node || '0', 16)) >>> 0;
}

/** What distinguishes filters of one priority: a number whose meaning is the kind's; of u32, `800::801`. */
export const filterHandle: Codec<number | string> = {
  label: 'handle', size: 4,
  read: (m, at) => get32(m, at),
  write(w, value) {
    const id = typeof value === 'string' ? parseU32(value) : value;
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffffffff)
      throw new EncodeError(`must be a number or like 800::801, got ${show(value)}`);
    const at = w.take(4);
    set32(w.memory, at, id);
  },
};
