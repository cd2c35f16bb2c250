import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { bool8, u32 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { linkStats } from '../link/stats.ts';
import { hardwareStats, mplsStats, xstats } from './counters.ts';

/** IFLA_STATS_FILTER_BIT of include/uapi/linux/if_link.h: which statistics are asked for. */
export const statsMask = flags(u32, {
  link64: ['IFLA_STATS_LINK_64', 0x1],
  linkXstats: ['IFLA_STATS_LINK_XSTATS', 0x2],
  linkXstatsSlave: ['IFLA_STATS_LINK_XSTATS_SLAVE', 0x4],
  linkOffloadXstats: ['IFLA_STATS_LINK_OFFLOAD_XSTATS', 0x8],
  afSpec: ['IFLA_STATS_AF_SPEC', 0x10],
});

/**
 * `struct if_stats_msg` of include/uapi/linux/if_link.h:
 *
 *      0        1      4       8             12
 *      +--------+------+-------+-------------+
 *      | family | pad  | index | filter mask |
 *      +--------+------+-------+-------------+
 */
const header = struct('if_stats_msg', 12, {
  family: field('family', 0, family),
  index: field('ifindex', 4, u32),
  filterMask: field('filter_mask', 8, statsMask),
});

/** Whether the counters of the hardware are asked for, and whether it has them: IFLA_OFFLOAD_XSTATS_HW_S_INFO_. */
const hardwareInfo = attributes({
  l3Stats: attribute('IFLA_OFFLOAD_XSTATS_L3_STATS', 3, attributes({
    request: attribute('IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST', 1, bool8),
    used: attribute('IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED', 2, bool8),
  })),
});

/** IFLA_OFFLOAD_XSTATS_ of include/uapi/linux/if_link.h. */
const offload = attributes({
  cpuHit: attribute('IFLA_OFFLOAD_XSTATS_CPU_HIT', 1, linkStats),
  hwSInfo: attribute('IFLA_OFFLOAD_XSTATS_HW_S_INFO', 2, hardwareInfo),
  l3Stats: attribute('IFLA_OFFLOAD_XSTATS_L3_STATS', 3, hardwareStats),
}, padding('IFLA_OFFLOAD_XSTATS_UNSPEC', 0));

/** IFLA_STATS_ of include/uapi/linux/if_link.h: what RTM_NEWSTATS tells of a link. */
export const statsMessage = message('stats', header, attributes({
  link64: attribute('IFLA_STATS_LINK_64', 1, linkStats),
  linkXstats: attribute('IFLA_STATS_LINK_XSTATS', 2, xstats),
  linkXstatsSlave: attribute('IFLA_STATS_LINK_XSTATS_SLAVE', 3, xstats),
  linkOffloadXstats: attribute('IFLA_STATS_LINK_OFFLOAD_XSTATS', 4, offload),
  afSpec: attribute('IFLA_STATS_AF_SPEC', 5, attributes({
    mpls: attribute('AF_MPLS', 28, attributes({ link: attribute('MPLS_STATS_LINK', 1, mplsStats) }, padding('MPLS_STATS_UNSPEC', 0))),
  })),
}, padding('IFLA_STATS_UNSPEC', 0)));

/** What RTM_GETSTATS and RTM_SETSTATS carry. */
export const statsRequest = message('stats', header, attributes({
  getFilters: attribute('IFLA_STATS_GET_FILTERS', 1, attributes({
    linkOffloadXstats: attribute('IFLA_STATS_LINK_OFFLOAD_XSTATS', 4, flags(u32, {
      cpuHit: ['IFLA_OFFLOAD_XSTATS_CPU_HIT', 0x1],
      hwSInfo: ['IFLA_OFFLOAD_XSTATS_HW_S_INFO', 0x2],
      l3Stats: ['IFLA_OFFLOAD_XSTATS_L3_STATS', 0x4],
    })),
  })),
  l3Stats: attribute('IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS', 2, bool8),
}));

/** Statistics of a link, 64 bits wide all of them. */
export type Stats = Decoded<typeof statsMessage>;

/** The messages of this family, by type. */
export const statsMessages = {
  92: { cName: 'RTM_NEWSTATS', message: statsMessage },
  94: { cName: 'RTM_GETSTATS', message: statsRequest },
  95: { cName: 'RTM_SETSTATS', message: statsRequest },
};
