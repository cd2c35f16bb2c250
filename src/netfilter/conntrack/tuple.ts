import { attribute, attributes, within, type Infer } from '../../schema/attributes.ts';
import { ipv4, ipv6 } from '../../schema/leaves.ts';
import { be16, u8 } from '../../schema/numbers.ts';
import { checkObject } from '../../schema/codec.ts';
import { mapped } from '../../schema/mapped.ts';
import { protocolNumber } from './protocol.ts';

const wireTuple = attributes({
  ...within('CTA_TUPLE_IP', 1, {
    src: attribute('CTA_IP_V4_SRC', 1, ipv4),
    dst: attribute('CTA_IP_V4_DST', 2, ipv4),
    src6: attribute('CTA_IP_V6_SRC', 3, ipv6),
    dst6: attribute('CTA_IP_V6_DST', 4, ipv6),
  }),
  ...within('CTA_TUPLE_PROTO', 2, {
    protocol: attribute('CTA_PROTO_NUM', 1, protocolNumber),
    sport: attribute('CTA_PROTO_SRC_PORT', 2, be16),
    dport: attribute('CTA_PROTO_DST_PORT', 3, be16),
    icmpId: attribute('CTA_PROTO_ICMP_ID', 4, be16),
    icmpType: attribute('CTA_PROTO_ICMP_TYPE', 5, u8),
    icmpCode: attribute('CTA_PROTO_ICMP_CODE', 6, u8),
    icmpv6Id: attribute('CTA_PROTO_ICMPV6_ID', 7, be16),
    icmpv6Type: attribute('CTA_PROTO_ICMPV6_TYPE', 8, u8),
    icmpv6Code: attribute('CTA_PROTO_ICMPV6_CODE', 9, u8),
  }),
  zone: attribute('CTA_TUPLE_ZONE', 3, be16),
});

type WireTuple = Infer<typeof wireTuple>;

/** One direction of a connection: addresses, protocol, ports, or the id, type and code of ICMP. */
export type Tuple = Omit<WireTuple, 'src6' | 'dst6'>;

/** Addresses of both families stand in `src` and `dst`. */
export const tuple = mapped<WireTuple, Tuple>(wireTuple, ({ src6, dst6, ...rest }) => {
  const value: Tuple = rest;
  if (src6 !== undefined) value.src = src6;
  if (dst6 !== undefined) value.dst = dst6;
  return value;
}, (value) => {
  checkObject(value);
  const { src, dst, ...rest } = value, is6 = (text: unknown): boolean => typeof text === 'string' && text.includes(':');
  return { ...(is6(src) ? { src6: src } : { src }), ...(is6(dst) ? { dst6: dst } : { dst }), ...rest };
});
