import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { text } from '../../schema/leaves.ts';
import { be16, be32 } from '../../schema/numbers.ts';

export const logLevel = choice(be32, {
  emerg: ['NFT_LOGLEVEL_EMERG', 0], alert: ['NFT_LOGLEVEL_ALERT', 1], crit: ['NFT_LOGLEVEL_CRIT', 2],
  err: ['NFT_LOGLEVEL_ERR', 3], warning: ['NFT_LOGLEVEL_WARNING', 4], notice: ['NFT_LOGLEVEL_NOTICE', 5],
  info: ['NFT_LOGLEVEL_INFO', 6], debug: ['NFT_LOGLEVEL_DEBUG', 7], audit: ['NFT_LOGLEVEL_AUDIT', 8],
});

/** Tells of a packet in the kernel's log, or to the readers of a netlink group. */
export const log = attributes({
  group: attribute('NFTA_LOG_GROUP', 1, be16),
  prefix: attribute('NFTA_LOG_PREFIX', 2, text(127)),
  /** Bytes of the packet that are sent to the group. */
  snaplen: attribute('NFTA_LOG_SNAPLEN', 3, be32),
  /** Packets that are gathered before they are sent. */
  qthreshold: attribute('NFTA_LOG_QTHRESHOLD', 4, be16),
  level: attribute('NFTA_LOG_LEVEL', 5, logLevel),
  flags: attribute('NFTA_LOG_FLAGS', 6, flags(be32, {
    tcpSequence: ['NF_LOG_TCPSEQ', 0x1], tcpOptions: ['NF_LOG_TCPOPT', 0x2], ipOptions: ['NF_LOG_IPOPT', 0x4],
    skuid: ['NF_LOG_UID', 0x8], nflog: ['NF_LOG_NFLOG', 0x10], ether: ['NF_LOG_MACDECODE', 0x20],
  })),
});
