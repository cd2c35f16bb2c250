import { u32, u64 } from '../../schema/numbers.ts';
import { field, struct, type StructValue } from '../../schema/struct.ts';

/** `struct rtnl_link_stats64` of include/uapi/linux/if_link.h: counters since the link was made. */
export const linkStats = struct('rtnl_link_stats64', 200, {
  rxPackets: field('rx_packets', 0, u64),
  txPackets: field('tx_packets', 8, u64),
  rxBytes: field('rx_bytes', 16, u64),
  txBytes: field('tx_bytes', 24, u64),
  rxErrors: field('rx_errors', 32, u64),
  txErrors: field('tx_errors', 40, u64),
  rxDropped: field('rx_dropped', 48, u64),
  txDropped: field('tx_dropped', 56, u64),
  multicast: field('multicast', 64, u64),
  collisions: field('collisions', 72, u64),
  rxLengthErrors: field('rx_length_errors', 80, u64),
  rxOverErrors: field('rx_over_errors', 88, u64),
  rxCrcErrors: field('rx_crc_errors', 96, u64),
  rxFrameErrors: field('rx_frame_errors', 104, u64),
  rxFifoErrors: field('rx_fifo_errors', 112, u64),
  rxMissedErrors: field('rx_missed_errors', 120, u64),
  txAbortedErrors: field('tx_aborted_errors', 128, u64),
  txCarrierErrors: field('tx_carrier_errors', 136, u64),
  txFifoErrors: field('tx_fifo_errors', 144, u64),
  txHeartbeatErrors: field('tx_heartbeat_errors', 152, u64),
  txWindowErrors: field('tx_window_errors', 160, u64),
  rxCompressed: field('rx_compressed', 168, u64),
  txCompressed: field('tx_compressed', 176, u64),
  rxNohandler: field('rx_nohandler', 184, u64),
  rxOtherhostDropped: field('rx_otherhost_dropped', 192, u64),
});

/** `struct rtnl_link_stats`: the same in 32 bits, from the time before. */
export const linkStats32 = struct('rtnl_link_stats', 96, {
  rxPackets: field('rx_packets', 0, u32),
  txPackets: field('tx_packets', 4, u32),
  rxBytes: field('rx_bytes', 8, u32),
  txBytes: field('tx_bytes', 12, u32),
  rxErrors: field('rx_errors', 16, u32),
  txErrors: field('tx_errors', 20, u32),
  rxDropped: field('rx_dropped', 24, u32),
  txDropped: field('tx_dropped', 28, u32),
  multicast: field('multicast', 32, u32),
  collisions: field('collisions', 36, u32),
  rxLengthErrors: field('rx_length_errors', 40, u32),
  rxOverErrors: field('rx_over_errors', 44, u32),
  rxCrcErrors: field('rx_crc_errors', 48, u32),
  rxFrameErrors: field('rx_frame_errors', 52, u32),
  rxFifoErrors: field('rx_fifo_errors', 56, u32),
  rxMissedErrors: field('rx_missed_errors', 60, u32),
  txAbortedErrors: field('tx_aborted_errors', 64, u32),
  txCarrierErrors: field('tx_carrier_errors', 68, u32),
  txFifoErrors: field('tx_fifo_errors', 72, u32),
  txHeartbeatErrors: field('tx_heartbeat_errors', 76, u32),
  txWindowErrors: field('tx_window_errors', 80, u32),
  rxCompressed: field('rx_compressed', 84, u32),
  txCompressed: field('tx_compressed', 88, u32),
  rxNohandler: field('rx_nohandler', 92, u32),
});

export type LinkStats = StructValue<typeof linkStats.fields>;
