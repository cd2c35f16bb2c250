import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

export const metaKey = choice(be32, {
  length: ['NFT_META_LEN', 0], protocol: ['NFT_META_PROTOCOL', 1], priority: ['NFT_META_PRIORITY', 2],
  mark: ['NFT_META_MARK', 3], iif: ['NFT_META_IIF', 4], oif: ['NFT_META_OIF', 5],
  iifname: ['NFT_META_IIFNAME', 6], oifname: ['NFT_META_OIFNAME', 7],
  iiftype: ['NFT_META_IFTYPE', 8], oiftype: ['NFT_META_OIFTYPE', 9],
  skuid: ['NFT_META_SKUID', 10], skgid: ['NFT_META_SKGID', 11], nftrace: ['NFT_META_NFTRACE', 12],
  rtclassid: ['NFT_META_RTCLASSID', 13], secmark: ['NFT_META_SECMARK', 14],
  nfproto: ['NFT_META_NFPROTO', 15], l4proto: ['NFT_META_L4PROTO', 16],
  ibrname: ['NFT_META_BRI_IIFNAME', 17], obrname: ['NFT_META_BRI_OIFNAME', 18],
  pkttype: ['NFT_META_PKTTYPE', 19], cpu: ['NFT_META_CPU', 20],
  iifgroup: ['NFT_META_IIFGROUP', 21], oifgroup: ['NFT_META_OIFGROUP', 22], cgroup: ['NFT_META_CGROUP', 23],
  random: ['NFT_META_PRANDOM', 24], secpath: ['NFT_META_SECPATH', 25],
  iifkind: ['NFT_META_IIFKIND', 26], oifkind: ['NFT_META_OIFKIND', 27],
  ibrpvid: ['NFT_META_BRI_IIFPVID', 28], ibrvproto: ['NFT_META_BRI_IIFVPROTO', 29],
  time: ['NFT_META_TIME_NS', 30], day: ['NFT_META_TIME_DAY', 31], hour: ['NFT_META_TIME_HOUR', 32],
  sdif: ['NFT_META_SDIF', 33], sdifname: ['NFT_META_SDIFNAME', 34], broute: ['NFT_META_BRI_BROUTE', 35],
});

/** Loads what is known about a packet besides its bytes, or with `sreg` sets it. */
export const meta = attributes({
  dreg: attribute('NFTA_META_DREG', 1, register),
  key: attribute('NFTA_META_KEY', 2, metaKey),
  sreg: attribute('NFTA_META_SREG', 3, register),
});
