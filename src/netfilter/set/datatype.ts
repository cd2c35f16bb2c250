import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { mapped } from '../../schema/mapped.ts';
import { be32 } from '../../schema/numbers.ts';

/** Data types of nft that have a fixed size: its number for the type (the kernel only remembers it) and its bytes. */
const types: { readonly [name: string]: readonly [number: number, bytes: number] } = {
  verdict: [0xffffff00, 16], nf_proto: [2, 1], integer: [4, 4], ipv4_addr: [7, 4], ipv6_addr: [8, 16],
  ether_addr: [9, 6], ether_type: [10, 2], inet_proto: [12, 1], inet_service: [13, 2], icmp_type: [14, 1],
  tcp_flag: [15, 1], dccp_pkttype: [16, 1], mh_type: [17, 1], time: [18, 8], mark: [19, 4], iface_index: [20, 4],
  iface_type: [21, 2], realm: [22, 4], classid: [23, 4], uid: [24, 4], gid: [25, 4], ct_state: [26, 4], ct_dir: [27, 1],
  ct_status: [28, 4], icmpv6_type: [29, 1], ct_label: [30, 16], pkt_type: [31, 1], icmp_code: [32, 1],
  icmpv6_code: [33, 1], icmpx_code: [34, 1], devgroup: [35, 4], dscp: [36, 1], ecn: [37, 1], fib_addrtype: [38, 4],
  boolean: [39, 1], ifname: [41, 16], igmp_type: [42, 1], time_date: [43, 8], time_hour: [44, 4], time_day: [45, 1],
  cgroupv2: [46, 8],
};

/** One of nft's data types, some joined with ` . `, or the number that nft gives it. */
export type DataType = string | number;

const names = new Map(Object.entries(types).map(([name, [number]]) => [number, name]));

function nameOf(number: number): DataType {
  if (names.has(number)) return names.get(number)!;
  const parts: string[] = [];
  for (let rest = number; rest !== 0; rest = Math.floor(rest / 64)) {
    const name = names.get(rest % 64);
    if (name === undefined) return number;
    parts.unshift(name);
  }
  return parts.length > 1 ? parts.join(' . ') : number;
}

function numberOf(type: DataType): number {
  if (typeof type === 'number') return type;
  const numbers = fieldsOf(type).map((name) => types[name]![0]);
  return numbers.length === 1 ? numbers[0]! : numbers.reduce((all, number) => all * 64 + number, 0);
}

/** The types that are joined in one: `ipv4_addr . inet_service` has two. */
export function fieldsOf(type: DataType): string[] {
  const parts = typeof type === 'string' ? type.split('.').map((part) => part.trim()) : [];
  const wrong = parts.find((part) => !Object.hasOwn(types, part));
  if (parts.length === 0 || parts.length > 5 || wrong !== undefined)
    throw new EncodeError(`must be a type of nft like ipv4_addr, or up to 5 joined by " . ", got ${show(wrong ?? type)}`);
  return parts;
}

/** Bytes of a value of one type. */
export const bytesOf = (field: string): number => types[field]![1];

/** Bytes of a key: each joined part fills whole registers of 4 bytes. */
export function keyLength(type: DataType): number {
  const fields = fieldsOf(type);
  return fields.length === 1 ? bytesOf(fields[0]!) : fields.reduce((sum, name) => sum + registers(bytesOf(name)), 0);
}

export const registers = (bytes: number): number => (bytes + 3) & ~3;

/** The number by which nft remembers what a set holds, as its name. */
export const dataType = mapped<number, DataType>(be32, nameOf, numberOf);
