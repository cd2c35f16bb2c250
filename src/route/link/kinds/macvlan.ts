import { list } from '../../../schema/arrays.ts';
import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flags } from '../../../schema/flags.ts';
import { mac6 } from '../../../schema/leaves.ts';
import { s32, u16, u32 } from '../../../schema/numbers.ts';

const readOnly = true;

/**
 * IFLA_MACVLAN_ of include/uapi/linux/if_link.h, for macvlan and macvtap.
 *
 * Source mode takes the addresses of `macaddrData`: `macaddrMode` says whether they are added, deleted or set; given
 * without it they are set.
 */
export const macvlanOptions = attributes({
  mode: attribute('IFLA_MACVLAN_MODE', 1, choice(u32, {
    private: ['MACVLAN_MODE_PRIVATE', 1],
    vepa: ['MACVLAN_MODE_VEPA', 2],
    bridge: ['MACVLAN_MODE_BRIDGE', 4],
    passthru: ['MACVLAN_MODE_PASSTHRU', 8],
    source: ['MACVLAN_MODE_SOURCE', 16],
  })),
  flags: attribute('IFLA_MACVLAN_FLAGS', 2, flags(u16, {
    nopromisc: ['MACVLAN_FLAG_NOPROMISC', 0x1],
    nodst: ['MACVLAN_FLAG_NODST', 0x2],
  })),
  macaddrMode: attribute('IFLA_MACVLAN_MACADDR_MODE', 3, choice(u32, {
    add: ['MACVLAN_MACADDR_ADD', 0],
    del: ['MACVLAN_MACADDR_DEL', 1],
    flush: ['MACVLAN_MACADDR_FLUSH', 2],
    set: ['MACVLAN_MACADDR_SET', 3],
  })),
  macaddr: attribute('IFLA_MACVLAN_MACADDR', 4, mac6),
  macaddrData: attribute('IFLA_MACVLAN_MACADDR_DATA', 5, list('IFLA_MACVLAN_MACADDR', mac6, 4)),
  macaddrCount: attribute('IFLA_MACVLAN_MACADDR_COUNT', 6, u32, { readOnly }),
  bcQueueLen: attribute('IFLA_MACVLAN_BC_QUEUE_LEN', 7, u32),
  bcQueueLenUsed: attribute('IFLA_MACVLAN_BC_QUEUE_LEN_USED', 8, u32, { readOnly }),
  bcCutoff: attribute('IFLA_MACVLAN_BC_CUTOFF', 9, s32),
});

/** What `options` holds where `kind` is 'macvlan' or 'macvtap'. */
export type MacvlanOptions = Infer<typeof macvlanOptions>;
