import type { Names } from '../../schema/choice.ts';
import type { Codec } from '../../schema/codec.ts';
import { flags, type Flags } from '../../schema/flags.ts';
import { mapped } from '../../schema/mapped.ts';
import { u32, u64 } from '../../schema/numbers.ts';

/** Bits with names in 64 bits, of which the kernel uses the lower half. */
export function flags64<const N extends Names>(names: N): Codec<Flags<N>> & { readonly names: N; readonly number: Codec<number> } {
  const bits = flags(u32, names);
  return {
    ...bits, label: 'flags of u64', size: 8, number: mapped(u64, Number, BigInt),
    read: (m, at, end, owner, base) => bits.toNames(Number(BigInt.asUintN(32, u64.read(m, at, end, owner, base)))),
    write: (w, value, owner, base) => u64.write(w, BigInt(bits.toNumber(value)), owner, base),
  };
}
