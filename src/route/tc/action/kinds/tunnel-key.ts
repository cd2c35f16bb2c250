import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { binary, flag, ipv4, ipv6 } from '../../../../schema/leaves.ts';
import { be16, be32, bool8, s32, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

const options = attributes({
  geneve: attribute('TCA_TUNNEL_KEY_ENC_OPTS_GENEVE', 1, attributes({
    class: attribute('TCA_TUNNEL_KEY_ENC_OPT_GENEVE_CLASS', 1, be16),
    type: attribute('TCA_TUNNEL_KEY_ENC_OPT_GENEVE_TYPE', 2, u8),
    data: attribute('TCA_TUNNEL_KEY_ENC_OPT_GENEVE_DATA', 3, binary),
  })),
  vxlan: attribute('TCA_TUNNEL_KEY_ENC_OPTS_VXLAN', 2, attributes({
    gbp: attribute('TCA_TUNNEL_KEY_ENC_OPT_VXLAN_GBP', 1, u32),
  })),
  erspan: attribute('TCA_TUNNEL_KEY_ENC_OPTS_ERSPAN', 3, attributes({
    ver: attribute('TCA_TUNNEL_KEY_ENC_OPT_ERSPAN_VER', 1, u8),
    index: attribute('TCA_TUNNEL_KEY_ENC_OPT_ERSPAN_INDEX', 2, be32),
    dir: attribute('TCA_TUNNEL_KEY_ENC_OPT_ERSPAN_DIR', 3, u8),
    hwid: attribute('TCA_TUNNEL_KEY_ENC_OPT_ERSPAN_HWID', 4, u8),
  })),
});

/** `tc action ... tunnel_key {unset | set id N src_ip A dst_ip A [dst_port N] [tos N] [ttl N] [nocsum] [nofrag] ...}` */
export const tunnelKeyAction = hoisted(attributes({
  parms: attribute('TCA_TUNNEL_KEY_PARMS', 2, struct('tc_tunnel_key', 24, {
    ...tcGen,
    action: field('t_action', 20, choice(s32, { set: ['TCA_TUNNEL_KEY_ACT_SET', 1], unset: ['TCA_TUNNEL_KEY_ACT_RELEASE', 2] })),
  })),
  srcIp: attribute('TCA_TUNNEL_KEY_ENC_IPV4_SRC', 3, ipv4),
  dstIp: attribute('TCA_TUNNEL_KEY_ENC_IPV4_DST', 4, ipv4),
  srcIp6: attribute('TCA_TUNNEL_KEY_ENC_IPV6_SRC', 5, ipv6),
  dstIp6: attribute('TCA_TUNNEL_KEY_ENC_IPV6_DST', 6, ipv6),
  id: attribute('TCA_TUNNEL_KEY_ENC_KEY_ID', 7, be32),
  dstPort: attribute('TCA_TUNNEL_KEY_ENC_DST_PORT', 9, be16),
  nocsum: attribute('TCA_TUNNEL_KEY_NO_CSUM', 10, bool8),
  options: attribute('TCA_TUNNEL_KEY_ENC_OPTS', 11, options),
  tos: attribute('TCA_TUNNEL_KEY_ENC_TOS', 12, u8),
  ttl: attribute('TCA_TUNNEL_KEY_ENC_TTL', 13, u8),
  nofrag: attribute('TCA_TUNNEL_KEY_NO_FRAG', 14, flag),
  times: attribute('TCA_TUNNEL_KEY_TM', 1, times, { readOnly: true }),
}, padding('TCA_TUNNEL_KEY_PAD', 8)), 'parms', { control: 'pipe' });
