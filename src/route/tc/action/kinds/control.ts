import { getInt32, set32 } from '../../../../bytes/memory.ts';
import { EncodeError } from '../../../../errors.ts';
import { show, type Codec } from '../../../../schema/codec.ts';
import { s32, u32 } from '../../../../schema/numbers.ts';
import { field } from '../../../../schema/struct.ts';

/** TC_ACT_ of include/uapi/linux/pkt_cls.h by the words of `tc`. */
export const verdicts = {
  continue: ['TC_ACT_UNSPEC', -1],
  pass: ['TC_ACT_OK', 0],
  reclassify: ['TC_ACT_RECLASSIFY', 1],
  drop: ['TC_ACT_SHOT', 2],
  pipe: ['TC_ACT_PIPE', 3],
  stolen: ['TC_ACT_STOLEN', 4],
  queued: ['TC_ACT_QUEUED', 5],
  repeat: ['TC_ACT_REPEAT', 6],
  redirect: ['TC_ACT_REDIRECT', 7],
  trap: ['TC_ACT_TRAP', 8],
} as const;

const byNumber = new Map<number, string>(Object.entries(verdicts).map(([word, [, number]]) => [number, word]));

/** What becomes of a packet after an action: a word, `jump 2`, `goto chain 5`, or a number without a word. */
export type Control = keyof typeof verdicts | `jump ${number}` | `goto chain ${number}` | number;

const jump = 0x10000000, goto = 0x20000000, operand = 0x0fffffff;

function parse(value: Control): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (Object.hasOwn(verdicts, value)) return verdicts[value as keyof typeof verdicts][1];
  const [, word, number] = /^(jump|goto chain) (\d+)$/.exec(value) ?? [];
  if (word === undefined || Number(number) > operand) return undefined;
  return (word === 'jump' ? jump : goto) | Number(number);
}

export const control: Codec<Control> & { readonly names: typeof verdicts } = {
  label: 'verdict', size: 4, names: verdicts,
  read(m, at) {
    const number = getInt32(m, at), opcode = number & ~operand;
    if (opcode === jump) return `jump ${number & operand}`;
    if (opcode === goto) return `goto chain ${number & operand}`;
    return (byNumber.get(number) ?? number) as Control;
  },
  write(w, value) {
    const number = parse(value);
    if (number === undefined) throw new EncodeError(`must be ${[...byNumber.values()].join(', ')}, jump N or goto chain N, got ${show(value)}`);
    const at = w.take(4);
    set32(w.memory, at, number >>> 0);
  },
};

/** `tc_gen`, with which the struct of every kind of action starts. */
export const tcGen = {
  /** The number by which the action is found; the kernel picks one unless given. */
  index: field('index', 0, u32),
  capab: field('capab', 4, u32),
  /** What becomes of the packet afterwards. */
  control: field('action', 8, control),
  /** References, the kernel's word. */
  refcnt: field('refcnt', 12, s32),
  bindcnt: field('bindcnt', 16, s32),
};
