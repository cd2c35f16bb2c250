import { flag } from '../../schema/leaves.ts';
import type { Codec } from '../../schema/codec.ts';

/** A flag that the kernel takes without a payload and reports with one of a byte: false is then said, too. */
export const reportedFlag: Codec<boolean> = {
  ...flag,
  read: (m, at, end) => end === at || m.bytes[at] !== 0,
  put(w, type, value, owner, base) {
    flag.put!(w, type, value, owner, base);
    if (value || !w.full) return;
    const start = w.open(type);
    w.u8(0);
    w.close(start);
  },
};
