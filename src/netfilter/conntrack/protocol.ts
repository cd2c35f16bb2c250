import { choice } from '../../schema/choice.ts';
import { u8 } from '../../schema/numbers.ts';

/** Transport protocols: include/uapi/linux/in.h. */
export const protocolNumber = choice(u8, {
  icmp: ['IPPROTO_ICMP', 1], tcp: ['IPPROTO_TCP', 6], udp: ['IPPROTO_UDP', 17], dccp: ['IPPROTO_DCCP', 33],
  gre: ['IPPROTO_GRE', 47], esp: ['IPPROTO_ESP', 50], ah: ['IPPROTO_AH', 51], icmpv6: ['IPPROTO_ICMPV6', 58],
  sctp: ['IPPROTO_SCTP', 132], udplite: ['IPPROTO_UDPLITE', 136],
});
