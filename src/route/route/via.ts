import { formatMac, parseMac } from '../../bytes/hex.ts';
import { formatIPv4, formatIPv6, parseIp } from '../../bytes/ip.ts';
import { get16 } from '../../bytes/memory.ts';
import { DecodeError, EncodeError } from '../../errors.ts';
import { show, type Codec } from '../../schema/codec.ts';

const AF_INET = 2, AF_INET6 = 10, AF_PACKET = 17;

/**
 * `struct rtvia` of include/uapi/linux/rtnetlink.h: a gateway of another family than the route's, or of an MPLS route: an
 * IPv4, IPv6 or link-layer address.
 */
export const via: Codec<string> = {
  label: 'struct rtvia', size: 2,
  read(m, at, end) {
    const family = get16(m, at), length = end - at - 2;
    if (family === AF_INET && length >= 4) return formatIPv4(m, at + 2);
    if (family === AF_INET6 && length >= 16) return formatIPv6(m, at + 2);
    if (family === AF_PACKET) return formatMac(m.bytes, at + 2, end);
    throw new DecodeError(`a gateway of family ${family} in ${length} bytes`, at);
  },
  write(w, value) {
    const ip = typeof value === 'string' ? parseIp(value) : undefined;
    const mac = !ip && typeof value === 'string' && value !== '' ? parseMac(value) : undefined;
    if (!ip && !mac) throw new EncodeError(`must be an IP or link-layer address, got ${show(value)}`);
    w.u16(ip ? (ip.length === 4 ? AF_INET : AF_INET6) : AF_PACKET);
    w.bytes((ip ?? mac)!);
  },
};
