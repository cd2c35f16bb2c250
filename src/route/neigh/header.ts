import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { s32, u16, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { routeType } from '../route/header.ts';

/**
 * NUD_ of include/uapi/linux/neighbour.h. They are bits, and an entry has one of them. In a forwarding table, `permanent`
 * is an address of the bridge itself, `noarp` what `bridge` calls static, `reachable` what it calls dynamic.
 */
export const neighState = choice(u16, {
  none: ['NUD_NONE', 0],
  incomplete: ['NUD_INCOMPLETE', 0x1],
  reachable: ['NUD_REACHABLE', 0x2],
  stale: ['NUD_STALE', 0x4],
  delay: ['NUD_DELAY', 0x8],
  probe: ['NUD_PROBE', 0x10],
  failed: ['NUD_FAILED', 0x20],
  noarp: ['NUD_NOARP', 0x40],
  permanent: ['NUD_PERMANENT', 0x80],
});

/** NTF_: properties of an entry, and which of two tables is meant (self, master). */
export const neighFlags = flags(u8, {
  use: ['NTF_USE', 0x1],
  self: ['NTF_SELF', 0x2],
  master: ['NTF_MASTER', 0x4],
  proxy: ['NTF_PROXY', 0x8],
  externLearn: ['NTF_EXT_LEARNED', 0x10],
  offload: ['NTF_OFFLOADED', 0x20],
  sticky: ['NTF_STICKY', 0x40],
  router: ['NTF_ROUTER', 0x80],
});

/** NTF_EXT_: those that the header's byte had no room for. */
export const neighFlagsExt = flags(u32, {
  managed: ['NTF_EXT_MANAGED', 0x1],
  locked: ['NTF_EXT_LOCKED', 0x2],
  extValidated: ['NTF_EXT_EXT_VALIDATED', 0x4],
});

/**
 * `struct ndmsg` of include/uapi/linux/neighbour.h:
 *
 *      0        1     4       8       10      11     12
 *      +--------+-----+-------+-------+-------+------+
 *      | family | pad | index | state | flags | type |
 *      +--------+-----+-------+-------+-------+------+
 */
export const ndmsg = struct('ndmsg', 12, {
  family: field('ndm_family', 0, family),
  index: field('ndm_ifindex', 4, s32),
  state: field('ndm_state', 8, neighState),
  flags: field('ndm_flags', 10, neighFlags),
  type: field('ndm_type', 11, routeType),
});
