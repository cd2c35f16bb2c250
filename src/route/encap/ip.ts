import { multi } from '../../schema/arrays.ts';
import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { hexadecimal, ipv4, ipv6 } from '../../schema/leaves.ts';
import { be16, be32, be64, u32, u8 } from '../../schema/numbers.ts';

/** TUNNEL_ of include/uapi/linux/if_tunnel.h, in network byte order. */
const tunnelFlags = flags(be16, {
  csum: ['TUNNEL_CSUM', 0x1],
  routing: ['TUNNEL_ROUTING', 0x2],
  key: ['TUNNEL_KEY', 0x4],
  seq: ['TUNNEL_SEQ', 0x8],
  strict: ['TUNNEL_STRICT', 0x10],
  rec: ['TUNNEL_REC', 0x20],
  version: ['TUNNEL_VERSION', 0x40],
  noKey: ['TUNNEL_NO_KEY', 0x80],
  dontFragment: ['TUNNEL_DONT_FRAGMENT', 0x100],
  oam: ['TUNNEL_OAM', 0x200],
  critOpt: ['TUNNEL_CRIT_OPT', 0x400],
  geneveOpt: ['TUNNEL_GENEVE_OPT', 0x800],
  vxlanOpt: ['TUNNEL_VXLAN_OPT', 0x1000],
  nocache: ['TUNNEL_NOCACHE', 0x2000],
  erspanOpt: ['TUNNEL_ERSPAN_OPT', 0x4000],
});

/** LWTUNNEL_IP_OPTS_: options of the tunnel's own protocol. */
const options = attributes({
  geneve: attribute('LWTUNNEL_IP_OPTS_GENEVE', 1, multi(attributes({
    class: attribute('LWTUNNEL_IP_OPT_GENEVE_CLASS', 1, be16),
    type: attribute('LWTUNNEL_IP_OPT_GENEVE_TYPE', 2, u8),
    data: attribute('LWTUNNEL_IP_OPT_GENEVE_DATA', 3, hexadecimal),
  }))),
  vxlan: attribute('LWTUNNEL_IP_OPTS_VXLAN', 2, attributes({
    gbp: attribute('LWTUNNEL_IP_OPT_VXLAN_GBP', 1, u32),
  })),
  erspan: attribute('LWTUNNEL_IP_OPTS_ERSPAN', 3, attributes({
    version: attribute('LWTUNNEL_IP_OPT_ERSPAN_VER', 1, u8),
    index: attribute('LWTUNNEL_IP_OPT_ERSPAN_INDEX', 2, be32),
    dir: attribute('LWTUNNEL_IP_OPT_ERSPAN_DIR', 3, u8),
    hwid: attribute('LWTUNNEL_IP_OPT_ERSPAN_HWID', 4, u8),
  })),
});

/** LWTUNNEL_IP_ of include/uapi/linux/lwtunnel.h: `encap ip id 30 dst 192.0.2.1`. */
export const encapIp = attributes({
  id: attribute('LWTUNNEL_IP_ID', 1, be64),
  dst: attribute('LWTUNNEL_IP_DST', 2, ipv4),
  src: attribute('LWTUNNEL_IP_SRC', 3, ipv4),
  ttl: attribute('LWTUNNEL_IP_TTL', 4, u8),
  tos: attribute('LWTUNNEL_IP_TOS', 5, u8),
  flags: attribute('LWTUNNEL_IP_FLAGS', 6, tunnelFlags),
  opts: attribute('LWTUNNEL_IP_OPTS', 8, options),
}, padding('LWTUNNEL_IP_PAD', 7));

/** LWTUNNEL_IP6_: `encap ip6 id 30 dst 2001:db8::1`. */
export const encapIp6 = attributes({
  id: attribute('LWTUNNEL_IP6_ID', 1, be64),
  dst: attribute('LWTUNNEL_IP6_DST', 2, ipv6),
  src: attribute('LWTUNNEL_IP6_SRC', 3, ipv6),
  hoplimit: attribute('LWTUNNEL_IP6_HOPLIMIT', 4, u8),
  tc: attribute('LWTUNNEL_IP6_TC', 5, u8),
  flags: attribute('LWTUNNEL_IP6_FLAGS', 6, tunnelFlags),
  opts: attribute('LWTUNNEL_IP6_OPTS', 8, options),
}, padding('LWTUNNEL_IP6_PAD', 7));
