import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { cstring } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { u16, u32, u64 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { milliseconds64 as ms } from '../time.ts';

/** `struct ndtmsg` of include/uapi/linux/neighbour.h */
const ndtmsg = struct('ndtmsg', 4, { family: field('ndtm_family', 0, family) });

const config = struct('ndt_config', 32, {
  keyLen: field('ndtc_key_len', 0, u16),
  entrySize: field('ndtc_entry_size', 2, u16),
  entries: field('ndtc_entries', 4, u32),
  lastFlush: field('ndtc_last_flush', 8, u32),
  lastRand: field('ndtc_last_rand', 12, u32),
  hashRnd: field('ndtc_hash_rnd', 16, u32),
  hashMask: field('ndtc_hash_mask', 20, u32),
  hashChainGc: field('ndtc_hash_chain_gc', 24, u32),
  proxyQlen: field('ndtc_proxy_qlen', 28, u32),
});

const stats = struct('ndt_stats', 88, {
  allocs: field('ndts_allocs', 0, u64),
  destroys: field('ndts_destroys', 8, u64),
  hashGrows: field('ndts_hash_grows', 16, u64),
  resFailed: field('ndts_res_failed', 24, u64),
  lookups: field('ndts_lookups', 32, u64),
  hits: field('ndts_hits', 40, u64),
  rcvProbesMcast: field('ndts_rcv_probes_mcast', 48, u64),
  rcvProbesUcast: field('ndts_rcv_probes_ucast', 56, u64),
  periodicGcRuns: field('ndts_periodic_gc_runs', 64, u64),
  forcedGcRuns: field('ndts_forced_gc_runs', 72, u64),
  tableFulls: field('ndts_table_fulls', 80, u64),
});

const readOnly = true;

/** NDTPA_: times are milliseconds. */
const parms = attributes({
  /** The link that these hold for; without it they are what new links start with. */
  index: attribute('NDTPA_IFINDEX', 1, u32),
  refcnt: attribute('NDTPA_REFCNT', 2, u32, { readOnly }),
  reachableTime: attribute('NDTPA_REACHABLE_TIME', 3, ms, { readOnly }),
  baseReachable: attribute('NDTPA_BASE_REACHABLE_TIME', 4, ms),
  retrans: attribute('NDTPA_RETRANS_TIME', 5, ms),
  gcStale: attribute('NDTPA_GC_STALETIME', 6, ms),
  delayProbe: attribute('NDTPA_DELAY_PROBE_TIME', 7, ms),
  queue: attribute('NDTPA_QUEUE_LEN', 8, u32),
  appProbes: attribute('NDTPA_APP_PROBES', 9, u32),
  ucastProbes: attribute('NDTPA_UCAST_PROBES', 10, u32),
  mcastProbes: attribute('NDTPA_MCAST_PROBES', 11, u32),
  anycastDelay: attribute('NDTPA_ANYCAST_DELAY', 12, ms),
  proxyDelay: attribute('NDTPA_PROXY_DELAY', 13, ms),
  proxyQueue: attribute('NDTPA_PROXY_QLEN', 14, u32),
  locktime: attribute('NDTPA_LOCKTIME', 15, ms),
  queueLenBytes: attribute('NDTPA_QUEUE_LENBYTES', 16, u32),
  mcastReprobes: attribute('NDTPA_MCAST_REPROBES', 17, u32),
  intervalProbeTime: attribute('NDTPA_INTERVAL_PROBE_TIME_MS', 19, ms),
}, padding('NDTPA_PAD', 18));

/** What RTM_NEWNEIGHTBL, RTM_GETNEIGHTBL and RTM_SETNEIGHTBL carry: NDTA_ of include/uapi/linux/neighbour.h. */
export const neightblMessage = message('neightbl', ndtmsg, attributes({
  /** `arp_cache` or `ndisc_cache` */
  name: attribute('NDTA_NAME', 1, cstring),
  thresh1: attribute('NDTA_THRESH1', 2, u32),
  thresh2: attribute('NDTA_THRESH2', 3, u32),
  thresh3: attribute('NDTA_THRESH3', 4, u32),
  config: attribute('NDTA_CONFIG', 5, config, { readOnly }),
  parms: attribute('NDTA_PARMS', 6, parms),
  stats: attribute('NDTA_STATS', 7, stats, { readOnly }),
  gcInterval: attribute('NDTA_GC_INTERVAL', 8, ms),
}, padding('NDTA_PAD', 9)));

export type Neightbl = Decoded<typeof neightblMessage>;

/** The messages of this family, by type. */
export const neightblMessages = {
  64: { cName: 'RTM_NEWNEIGHTBL', message: neightblMessage },
  66: { cName: 'RTM_GETNEIGHTBL', message: neightblMessage },
  67: { cName: 'RTM_SETNEIGHTBL', message: neightblMessage },
};
