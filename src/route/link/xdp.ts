import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { s32, u32, u8 } from '../../schema/numbers.ts';

const readOnly = true;

/**
 * IFLA_XDP_ of include/uapi/linux/if_link.h: the program on a link's receive path. `fd` is that of a loaded program,
 * -1 takes it off.
 */
export const xdp = attributes({
  fd: attribute('IFLA_XDP_FD', 1, s32),
  attached: attribute('IFLA_XDP_ATTACHED', 2, choice(u8, {
    none: ['XDP_ATTACHED_NONE', 0],
    drv: ['XDP_ATTACHED_DRV', 1],
    skb: ['XDP_ATTACHED_SKB', 2],
    hw: ['XDP_ATTACHED_HW', 3],
    multi: ['XDP_ATTACHED_MULTI', 4],
  }), { readOnly }),
  flags: attribute('IFLA_XDP_FLAGS', 3, flags(u32, {
    updateIfNoexist: ['XDP_FLAGS_UPDATE_IF_NOEXIST', 0x1],
    skbMode: ['XDP_FLAGS_SKB_MODE', 0x2],
    drvMode: ['XDP_FLAGS_DRV_MODE', 0x4],
    hwMode: ['XDP_FLAGS_HW_MODE', 0x8],
    replace: ['XDP_FLAGS_REPLACE', 0x10],
  })),
  progId: attribute('IFLA_XDP_PROG_ID', 4, u32, { readOnly }),
  drvProgId: attribute('IFLA_XDP_DRV_PROG_ID', 5, u32, { readOnly }),
  skbProgId: attribute('IFLA_XDP_SKB_PROG_ID', 6, u32, { readOnly }),
  hwProgId: attribute('IFLA_XDP_HW_PROG_ID', 7, u32, { readOnly }),
  expectedFd: attribute('IFLA_XDP_EXPECTED_FD', 8, s32),
});
