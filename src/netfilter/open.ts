import { anything, byteCount, checkOptions, transport, type OptionTable } from '../arguments.ts';
import { Connection, connectionOptions, type ConnectionOptions } from '../conversation/connection.ts';
import type { Binding } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { socketsIn } from '../netns/socket.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { later } from '../schema/later.ts';
import type { OpenTransport, Transport } from '../transport/transport.ts';
import { netfilterClient, type Netfilter } from './client.ts';
import { netfilterEvents } from './events.ts';
import { netfilterProtocol } from './protocol.ts';

export interface NetfilterOptions extends ConnectionOptions {
  /** How the C library is called: koffi unless given here or in the environment variable NETLINK_FFI. */
  readonly ffi?: Binding | undefined;
  /** The network namespace that is meant, this thread's unless given; to enter another takes CAP_SYS_ADMIN. */
  readonly netns?: NamespaceRef | undefined;
  /** Bytes of the socket's receive buffer, as SO_RCVBUF counts them. */
  readonly receiveBuffer?: number | undefined;
  /**
   * The most bytes that a transaction can have; 16 MiB, or what net.core.wmem_max allows those without CAP_NET_ADMIN.
   */
  readonly sendBuffer?: number | undefined;
  /**
   * Something that stands in for the socket: a recorder, a tape, a fake kernel. A function is called for each socket.
   */
  readonly transport?: Transport | OpenTransport | undefined;
}

const netfilterOptions: OptionTable<NetfilterOptions> = {
  ...connectionOptions, ffi: anything, netns: anything, receiveBuffer: byteCount, sendBuffer: byteCount, transport,
};

const parts = later({ events: () => netfilterEvents });

/**
 * Opens a connection to NETLINK_NETFILTER, nf_tables and connection tracking, in this thread's network namespace or in
 * the one given.
 *
 * `using nl = openNetfilter()` closes it at the end of the block.
 */
export function openNetfilter(options: NetfilterOptions = {}): Netfilter {
  checkOptions('openNetfilter', options, netfilterOptions);
  const open = netfilterSockets(options);
  const transport = open({ receiveBuffer: options.receiveBuffer, sendBuffer: options.sendBuffer ?? 16 << 20 });
  return netfilterClient(new Connection(transport, netfilterProtocol, options), (types, eventOptions) => parts.events(open)(types, eventOptions));
}

/** Where openNetfilter gets its sockets from: for what stands between them and a connection, as a recorder does. */
export function netfilterSockets({ transport, netns, ffi }: NetfilterOptions = {}): OpenTransport {
  if (typeof transport === 'function') return (options) => transport({ ...options, protocol: netfilterProtocol.number });
  if (transport) return () => transport;
  return socketsIn(netns, openLibc(ffi), netfilterProtocol.number);
}
