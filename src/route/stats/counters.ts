import { u16, u64 } from '../../schema/numbers.ts';
import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { multi } from '../../schema/arrays.ts';
import { field, struct } from '../../schema/struct.ts';
import { bridgeVlanFlags } from '../link/af/bridge.ts';

/** What is counted on its way in and on its way out: BR_MCAST_DIR_RX and BR_MCAST_DIR_TX. */
const bothWays = struct('u64[BR_MCAST_DIR_SIZE]', 16, { rx: field('rx', 0, u64), tx: field('tx', 8, u64) });

/** `struct br_mcast_stats` of include/uapi/linux/if_bridge.h. */
const multicast = struct('br_mcast_stats', 240, {
  igmpV1queries: field('igmp_v1queries', 0, bothWays),
  igmpV2queries: field('igmp_v2queries', 16, bothWays),
  igmpV3queries: field('igmp_v3queries', 32, bothWays),
  igmpLeaves: field('igmp_leaves', 48, bothWays),
  igmpV1reports: field('igmp_v1reports', 64, bothWays),
  igmpV2reports: field('igmp_v2reports', 80, bothWays),
  igmpV3reports: field('igmp_v3reports', 96, bothWays),
  igmpParseErrors: field('igmp_parse_errors', 112, u64),
  mldV1queries: field('mld_v1queries', 120, bothWays),
  mldV2queries: field('mld_v2queries', 136, bothWays),
  mldLeaves: field('mld_leaves', 152, bothWays),
  mldV1reports: field('mld_v1reports', 168, bothWays),
  mldV2reports: field('mld_v2reports', 184, bothWays),
  mldParseErrors: field('mld_parse_errors', 200, u64),
  mcastBytes: field('mcast_bytes', 208, bothWays),
  mcastPackets: field('mcast_packets', 224, bothWays),
});

/** BRIDGE_XSTATS_ of include/uapi/linux/if_bridge.h. */
const bridge = attributes({
  vlans: attribute('BRIDGE_XSTATS_VLAN', 1, multi(struct('bridge_vlan_xstats', 40, {
    rxBytes: field('rx_bytes', 0, u64),
    rxPackets: field('rx_packets', 8, u64),
    txBytes: field('tx_bytes', 16, u64),
    txPackets: field('tx_packets', 24, u64),
    vid: field('vid', 32, u16),
    flags: field('flags', 34, bridgeVlanFlags),
  }))),
  mcast: attribute('BRIDGE_XSTATS_MCAST', 2, multicast),
  stp: attribute('BRIDGE_XSTATS_STP', 4, struct('bridge_stp_xstats', 48, {
    transitionBlk: field('transition_blk', 0, u64),
    transitionFwd: field('transition_fwd', 8, u64),
    rxBpdu: field('rx_bpdu', 16, u64),
    txBpdu: field('tx_bpdu', 24, u64),
    rxTcn: field('rx_tcn', 32, u64),
    txTcn: field('tx_tcn', 40, u64),
  })),
}, padding('BRIDGE_XSTATS_PAD', 3));

/** BOND_XSTATS_ and in it BOND_3AD_STAT_ of include/uapi/linux/if_bonding.h. */
const bond = attributes({
  '3ad': attribute('BOND_XSTATS_3AD', 1, attributes({
    lacpduRx: attribute('BOND_3AD_STAT_LACPDU_RX', 0, u64),
    lacpduTx: attribute('BOND_3AD_STAT_LACPDU_TX', 1, u64),
    lacpduUnknownRx: attribute('BOND_3AD_STAT_LACPDU_UNKNOWN_RX', 2, u64),
    lacpduIllegalRx: attribute('BOND_3AD_STAT_LACPDU_ILLEGAL_RX', 3, u64),
    markerRx: attribute('BOND_3AD_STAT_MARKER_RX', 4, u64),
    markerTx: attribute('BOND_3AD_STAT_MARKER_TX', 5, u64),
    markerRespRx: attribute('BOND_3AD_STAT_MARKER_RESP_RX', 6, u64),
    markerRespTx: attribute('BOND_3AD_STAT_MARKER_RESP_TX', 7, u64),
    markerUnknownRx: attribute('BOND_3AD_STAT_MARKER_UNKNOWN_RX', 8, u64),
  }, padding('BOND_3AD_STAT_PAD', 9))),
});

/** LINK_XSTATS_TYPE_ of include/uapi/linux/if_link.h: what a bridge or a bond counts besides. */
export const xstats = attributes({
  bridge: attribute('LINK_XSTATS_TYPE_BRIDGE', 1, bridge),
  bond: attribute('LINK_XSTATS_TYPE_BOND', 2, bond),
});

/** `struct mpls_link_stats` of include/uapi/linux/mpls.h. */
export const mplsStats = struct('mpls_link_stats', 72, {
  rxPackets: field('rx_packets', 0, u64),
  txPackets: field('tx_packets', 8, u64),
  rxBytes: field('rx_bytes', 16, u64),
  txBytes: field('tx_bytes', 24, u64),
  rxErrors: field('rx_errors', 32, u64),
  txErrors: field('tx_errors', 40, u64),
  rxDropped: field('rx_dropped', 48, u64),
  txDropped: field('tx_dropped', 56, u64),
  rxNoroute: field('rx_noroute', 64, u64),
});

/** `struct rtnl_hw_stats64` of include/uapi/linux/if_link.h: what the hardware forwarded by itself. */
export const hardwareStats = struct('rtnl_hw_stats64', 72, {
  rxPackets: field('rx_packets', 0, u64),
  txPackets: field('tx_packets', 8, u64),
  rxBytes: field('rx_bytes', 16, u64),
  txBytes: field('tx_bytes', 24, u64),
  rxErrors: field('rx_errors', 32, u64),
  txErrors: field('tx_errors', 40, u64),
  rxDropped: field('rx_dropped', 48, u64),
  txDropped: field('tx_dropped', 56, u64),
  multicast: field('multicast', 64, u64),
});
