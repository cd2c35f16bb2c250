import { protocolsOf, type Tape } from './tape.ts';

/** https://www.tcpdump.org/linktypes.html */
const LINKTYPE_NETLINK = 253;
/** include/uapi/linux/if_arp.h, include/uapi/linux/if_packet.h */
const ARPHRD_NETLINK = 824, PACKET_HOST = 0, PACKET_OUTGOING = 4;
/** A second is a million of pcap's ticks; tapes hold no times, so that each datagram comes a thousand after the last. */
const second = 1_000_000, step = 1000;

/**
 * A tape as a capture file that Wireshark and tshark read. Each datagram has the 16 bytes before it that the nlmon
 * device writes, in network byte order:
 *
 *      0                2               4               14
 *      +----------------+---------------+---------------+------------------+
 *      | packet type    | ARPHRD_NETLINK| nothing       | netlink family   |
 *      +----------------+---------------+---------------+------------------+
 */
export function toPcap(tape: Tape): Uint8Array {
  const little = tape.order === 'little', parts: Buffer[] = [], protocolOf = protocolsOf(tape);
  const numbers = (...values: number[]): Buffer => {
    const buffer = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => (little ? buffer.writeUInt32LE(value, i * 4) : buffer.writeUInt32BE(value, i * 4)));
    return buffer;
  };
  const version = numbers(little ? 0x00040002 : 0x00020004); // 2.4
  parts.push(numbers(0xa1b2c3d4), version, numbers(0, 0, 0x40000, LINKTYPE_NETLINK));
  let time = 0;
  for (const entry of tape.entries) {
    if (entry.type !== 'send' && entry.type !== 'receive') continue;
    const whole = entry.type === 'receive' ? entry.length : entry.bytes.length;
    const cooked = Buffer.alloc(16);
    cooked.writeUInt16BE(entry.type === 'send' ? PACKET_OUTGOING : PACKET_HOST, 0);
    cooked.writeUInt16BE(ARPHRD_NETLINK, 2);
    cooked.writeUInt16BE(protocolOf(entry.socket), 14);
    time += step;
    parts.push(numbers(Math.floor(time / second), time % second, entry.bytes.length + 16, whole + 16), cooked, Buffer.from(entry.bytes));
  }
  return Buffer.concat(parts);
}
