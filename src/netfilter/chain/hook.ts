import { EncodeError } from '../../errors.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { be32 } from '../../schema/numbers.ts';

const ip = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress'] as const;
const hooks = { 1: ip, 2: ip, 10: ip, 7: ip, 3: ['input', 'output'], 5: ['ingress', 'egress'] } as const;

/** Where a chain is called: NF_INET_, NF_ARP_, NF_NETDEV_ of include/uapi/linux/netfilter.h. */
export type Hook = (typeof ip)[number] | 'egress' | (number & {});

const hooksOf = (family: number): readonly string[] =>
  (hooks as { readonly [family: number]: readonly string[] })[family] ?? ip;

/** The number of a hook means another one in each family, which stands in the first byte of the message. */
export const hook: Codec<Hook> = {
  label: 'hook', size: 4,
  read(m, at, end, owner, base) {
    const number = be32.read(m, at, end, owner, base);
    return (hooksOf(m.bytes[base]!)[number] ?? number) as Hook;
  },
  write(w, value, owner, base) {
    const names = hooksOf(w.memory.bytes[base]!), number = typeof value === 'number' ? value : names.indexOf(value);
    if (number === -1) throw new EncodeError(`must be one of ${names.join(', ')} or a number, got ${show(value)}`);
    be32.write(w, number, owner, base);
  },
};

const plain = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 };
const bridge = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };

/** When a chain is called among those of its hook: the lower the sooner. nft's words, or a number. */
export type Priority = keyof typeof plain | 'out' | (number & {});

/** The words mean other numbers in a bridge. Numbers are read as numbers; 'out' is a bridge's. */
export const priority: Codec<Priority> = {
  label: 's32', size: 4,
  read: (m, at, end, owner, base) => be32.read(m, at, end, owner, base) | 0,
  write(w, value, owner, base) {
    const words: { readonly [word: string]: number } = w.memory.bytes[base] === 7 ? bridge : plain;
    const number = typeof value === 'number' ? value : Object.hasOwn(words, value) ? words[value]! : NaN;
    if (!Number.isInteger(number) || number < -0x80000000 || number > 0x7fffffff)
      throw new EncodeError(`must be one of ${Object.keys(words).join(', ')} or a whole number of 32 bits, got ${show(value)}`);
    be32.write(w, number >>> 0, owner, base);
  },
};
