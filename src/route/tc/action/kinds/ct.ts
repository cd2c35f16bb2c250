import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { flags } from '../../../../schema/flags.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { cstring, hexadecimal, ipv4, ipv6 } from '../../../../schema/leaves.ts';
import { be16, u16, u32, u8 } from '../../../../schema/numbers.ts';
import { struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... ct [commit [force]] [clear] [zone N] [mark N[/MASK]] [label ...] [nat {src | dst} ...]` */
export const ctAction = hoisted(attributes({
  parms: attribute('TCA_CT_PARMS', 1, struct('tc_ct', 20, tcGen)),
  action: attribute('TCA_CT_ACTION', 3, flags(u16, {
    commit: ['TCA_CT_ACT_COMMIT', 0x1],
    force: ['TCA_CT_ACT_FORCE', 0x2],
    clear: ['TCA_CT_ACT_CLEAR', 0x4],
    nat: ['TCA_CT_ACT_NAT', 0x8],
    src: ['TCA_CT_ACT_NAT_SRC', 0x10],
    dst: ['TCA_CT_ACT_NAT_DST', 0x20],
  })),
  zone: attribute('TCA_CT_ZONE', 4, u16),
  mark: attribute('TCA_CT_MARK', 5, u32),
  markMask: attribute('TCA_CT_MARK_MASK', 6, u32),
  /** 16 bytes as hex digits. */
  label: attribute('TCA_CT_LABELS', 7, hexadecimal),
  labelMask: attribute('TCA_CT_LABELS_MASK', 8, hexadecimal),
  natIpv4Min: attribute('TCA_CT_NAT_IPV4_MIN', 9, ipv4),
  natIpv4Max: attribute('TCA_CT_NAT_IPV4_MAX', 10, ipv4),
  natIpv6Min: attribute('TCA_CT_NAT_IPV6_MIN', 11, ipv6),
  natIpv6Max: attribute('TCA_CT_NAT_IPV6_MAX', 12, ipv6),
  natPortMin: attribute('TCA_CT_NAT_PORT_MIN', 13, be16),
  natPortMax: attribute('TCA_CT_NAT_PORT_MAX', 14, be16),
  helper: attribute('TCA_CT_HELPER_NAME', 16, cstring),
  helperFamily: attribute('TCA_CT_HELPER_FAMILY', 17, u8),
  helperProto: attribute('TCA_CT_HELPER_PROTO', 18, u8),
  times: attribute('TCA_CT_TM', 2, times, { readOnly: true }),
}, padding('TCA_CT_PAD', 15)), 'parms', { control: 'pipe' });
