import { checkObject } from '../../../../schema/codec.ts';
import { flags, type FlagsCodec } from '../../../../schema/flags.ts';
import { u32 } from '../../../../schema/numbers.ts';

const bits = flags(u32, {
  skipHw: ['TCA_CLS_FLAGS_SKIP_HW', 0x1],
  skipSw: ['TCA_CLS_FLAGS_SKIP_SW', 0x2],
  inHw: ['TCA_CLS_FLAGS_IN_HW', 0x4],
  notInHw: ['TCA_CLS_FLAGS_NOT_IN_HW', 0x8],
  verbose: ['TCA_CLS_FLAGS_VERBOSE', 0x10],
});

/**
 * TCA_CLS_FLAGS_ of include/uapi/linux/pkt_cls.h: what hardware does of a filter. Whether it is in hardware is the
 * kernel's to say and not sent back.
 */
export const filterFlags: FlagsCodec<typeof bits.names> = {
  ...bits,
  write(w, value, owner, base) {
    if (w.full) return bits.write(w, value, owner, base);
    checkObject(value);
    const { inHw: _in, notInHw: _not, ...asked } = value;
    bits.write(w, asked, owner, base);
  },
};
