import { u8 } from '../schema/numbers.ts';
import { field, hidden, struct } from '../schema/struct.ts';

/** `struct genlmsghdr` of include/uapi/linux/genetlink.h: each family numbers its commands. */
export const genlmsghdr = struct('genlmsghdr', 4, {
  command: field('cmd', 0, u8),
  version: hidden('version', 1, u8),
});
