import { formatMac, parseMac } from '../../bytes/hex.ts';
import { formatIp, parseIp } from '../../bytes/ip.ts';
import { memoryOf } from '../../bytes/memory.ts';

export const IPV4 = 0x0800, ARP = 0x0806, IPV6 = 0x86dd;

const macOf = (text: string): Uint8Array => parseMac(text)!;
const ipOf = (text: string): Uint8Array => parseIp(text)!;
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const broadcast = 'ff:ff:ff:ff:ff:ff';

/** An ARP request or reply (RFC 826) in its frame. */
export const arpFrame = ({ operation, mac, ip, targetMac = '00:00:00:00:00:00', target }: {
  readonly operation: 'request' | 'reply';
  readonly mac: string;
  readonly ip: string;
  readonly targetMac?: string;
  readonly target: string;
}): Uint8Array => Uint8Array.from([
  ...macOf(broadcast), ...macOf(mac), ...u16(ARP),
  ...u16(1), ...u16(0x0800), 6, 4, ...u16(operation === 'request' ? 1 : 2),
  ...macOf(mac), ...ipOf(ip), ...macOf(targetMac), ...ipOf(target),
]);

/** Who says in an ARP frame that an address is his; undefined where it is another frame. */
export function arpSender(frame: Uint8Array): { readonly mac: string; readonly ip: string; readonly target: string } | undefined {
  if (frame.length < 42 || frame[12] !== 8 || frame[13] !== 6) return undefined;
  const m = memoryOf(frame);
  return { mac: formatMac(frame, 22, 28), ip: formatIp(m, 28, 32), target: formatIp(m, 38, 42) };
}

/** A neighbour solicitation or advertisement (RFC 4861) in its frame. */
export function ndFrame({ type, mac, ip, to, toMac, target }: {
  readonly type: 'solicitation' | 'advertisement';
  readonly mac: string;
  readonly ip: string;
  readonly to: string;
  readonly toMac: string;
  readonly target: string;
}): Uint8Array {
  const asks = type === 'solicitation';
  // an advertisement that nobody asked for overrides what neighbours remember
  const message = [asks ? 135 : 136, 0, 0, 0, asks ? 0 : 0x20, 0, 0, 0, ...ipOf(target), asks ? 1 : 2, 1, ...macOf(mac)];
  const pseudo = [...ipOf(ip), ...ipOf(to), 0, 0, ...u16(message.length), 0, 0, 0, 58, ...message];
  const sum = checksum(pseudo);
  message[2] = sum >> 8;
  message[3] = sum & 0xff;
  return Uint8Array.from([
    ...macOf(toMac), ...macOf(mac), ...u16(IPV6),
    0x60, 0, 0, 0, ...u16(message.length), 58, 255, ...ipOf(ip), ...ipOf(to), ...message,
  ]);
}

/** An empty datagram of UDP in its frame, from a port and to the same. */
export function udpFrame({ mac, toMac, from, to, port }: {
  readonly mac: string;
  readonly toMac: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}): Uint8Array {
  const six = from.includes(':'), udp = [...u16(port), ...u16(port), 0, 8, 0, 0];
  const sum = checksum([...ipOf(from), ...ipOf(to), 0, 17, 0, 8, ...udp]) || 0xffff;
  udp.splice(6, 2, ...u16(sum));
  const header = six ? [0x60, 0, 0, 0, 0, 8, 17, 64] : [0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0];
  if (!six) header.splice(10, 2, ...u16(checksum([...header, ...ipOf(from), ...ipOf(to)])));
  return Uint8Array.from([...macOf(toMac), ...macOf(mac), ...u16(six ? IPV6 : IPV4), ...header, ...ipOf(from), ...ipOf(to), ...udp]);
}

/** The target and the MAC address of an advertisement; undefined where it is another frame. */
export function ndAdvertised(frame: Uint8Array): { readonly target: string; readonly mac: string } | undefined {
  if (frame.length < 78 || frame[20] !== 58 || frame[54] !== 136) return undefined;
  return { target: formatIp(memoryOf(frame), 62, 78), mac: formatMac(frame, 6, 12) };
}

/** The group in which the owner of an address listens, and its MAC address. */
export function solicitedNode(ip: string): { readonly ip: string; readonly mac: string } {
  const [a, b, c] = [...ipOf(ip).slice(13)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { ip: `ff02::1:ff${a}:${b}${c}`, mac: `33:33:ff:${a}:${b}:${c}` };
}

/** The sum of RFC 1071, of an even number of bytes. */
function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
