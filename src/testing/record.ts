import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { netfilterSockets, openNetfilter, type NetfilterOptions } from '../netfilter/open.ts';
import type { Netfilter } from '../netfilter/client.ts';
import { openRoute, routeSockets, type RouteClient, type RouteOptions } from '../open.ts';
import { toPcap } from '../transport/pcap.ts';
import { recorder } from '../transport/recorder.ts';
import { formatTape } from '../transport/tape-text.ts';
import type { Tape } from '../transport/tape.ts';
import type { OpenTransport, Transport } from '../transport/transport.ts';
import { protocolOf } from './protocols.ts';

export interface RecordOptions {
  /** What the tape shows, in one sentence; it becomes its first line. */
  readonly title?: string | undefined;
  /** Free comments, a line each. */
  readonly comments?: readonly string[] | undefined;
}

/** A tape that is being recorded. */
export interface Recording {
  /** A transport that does what `transport` does and leaves a trace; `groups` are those it has joined already. */
  wrap(transport: Transport, groups?: readonly number[]): Transport;
  /** Sockets that do what those of `open` do and leave a trace: `openRoute({ transport: tape.sockets(routeSockets()) })`. */
  sockets(open: OpenTransport): OpenTransport;
  /** What was recorded so far. */
  readonly tape: Tape;
  /** The same as the text of a tape. */
  text(): string;
  /** The same as a capture file, for Wireshark: LINKTYPE_NETLINK. */
  pcap(): Uint8Array;
  /** Writes the text into a file. */
  save(path: string | URL): void;
}

/**
 * Records what goes through transports: `recording.wrap(transport)` is what a connection is given instead. Several
 * connections may be recorded on one tape, of several netlink families and namespaces.
 *
 * Ports are recorded as small numbers and processes in paths below /proc as `PID`: a tape tells nothing about the
 * machine but what the kernel answered.
 */
export function record(options: RecordOptions = {}): Recording {
  const { title = '', comments } = options;
  const kernel = /^[\d.]*\d/.exec(release())?.[0] ?? '';
  const made = recorder({ title, comments, kernel });
  const text = (): string => formatTape(made.tape, protocolOf);
  return {
    wrap: made.wrap,
    sockets: (open) => (socket) => made.wrap(open(socket), socket.groups),
    get tape() {
      return made.tape;
    },
    text,
    pcap: () => toPcap(made.tape),
    save: (path) => writeFileSync(path, text()),
  };
}

/**
 * Opens a connection as `openRoute` does and records all that goes through it, events too.
 *
 *     const { nl, tape } = recordRoute({ title: 'a bridge is made' });
 *     await nl.link.add({ name: 'br0', kind: 'bridge' });
 *     nl.close();
 *     tape.save('bridge.tape');
 */
export function recordRoute(options: RouteOptions & RecordOptions = {}): { readonly nl: RouteClient; readonly tape: Recording } {
  const { title, comments, ...rest } = options, tape = record({ title, comments });
  return { tape, nl: openRoute({ ...rest, transport: tape.sockets(routeSockets(rest)) }) };
}

/** Opens a connection as `openNetfilter` does and records all that goes through it, events too. */
export function recordNetfilter(options: NetfilterOptions & RecordOptions = {}): { readonly nl: Netfilter; readonly tape: Recording } {
  const { title, comments, ...rest } = options, tape = record({ title, comments });
  return { tape, nl: openNetfilter({ ...rest, transport: tape.sockets(netfilterSockets(rest)) }) };
}
