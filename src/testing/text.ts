import { toPcap } from '../transport/pcap.ts';
import { formatTape, parseTape } from '../transport/tape-text.ts';
import type { Tape } from '../transport/tape.ts';
import { protocolOf } from './protocols.ts';

/** The text of a tape with its comments made anew; bytes, titles and free comments stay. Throws a TapeError. */
export function annotateTape(tape: string | Tape): string {
  const read = typeof tape === 'string' ? parseTape(tape) : tape;
  return formatTape(read, protocolOf);
}

/** A tape as a capture file that Wireshark and tshark read: pcap with LINKTYPE_NETLINK. */
export const tapeToPcap = (tape: string | Tape): Uint8Array => toPcap(typeof tape === 'string' ? parseTape(tape) : tape);
