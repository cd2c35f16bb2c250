import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { flags } from '../../../../schema/flags.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... csum {ip4h | icmp | igmp | tcp | udp | udplite | sctp} ...`: which checksums are worked out anew. */
export const csumAction = hoisted(attributes({
  parms: attribute('TCA_CSUM_PARMS', 1, struct('tc_csum', 24, {
    ...tcGen,
    update: field('update_flags', 20, flags(u32, {
      ip4h: ['TCA_CSUM_UPDATE_FLAG_IPV4HDR', 1],
      icmp: ['TCA_CSUM_UPDATE_FLAG_ICMP', 2],
      igmp: ['TCA_CSUM_UPDATE_FLAG_IGMP', 4],
      tcp: ['TCA_CSUM_UPDATE_FLAG_TCP', 8],
      udp: ['TCA_CSUM_UPDATE_FLAG_UDP', 16],
      udplite: ['TCA_CSUM_UPDATE_FLAG_UDPLITE', 32],
      sctp: ['TCA_CSUM_UPDATE_FLAG_SCTP', 64],
    })),
  })),
  times: attribute('TCA_CSUM_TM', 2, times, { readOnly: true }),
}, padding('TCA_CSUM_PAD', 3)), 'parms');
