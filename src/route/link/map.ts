import { u16, u64, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';

/** `struct rtnl_link_ifmap` of include/uapi/linux/if_link.h: where an old network card is found. */
export const linkMap = struct('rtnl_link_ifmap', 32, {
  memStart: field('mem_start', 0, u64),
  memEnd: field('mem_end', 8, u64),
  baseAddr: field('base_addr', 16, u64),
  irq: field('irq', 24, u16),
  dma: field('dma', 26, u8),
  port: field('port', 27, u8),
});
