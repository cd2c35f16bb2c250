import { anything, byteCount, checkOptions, transport, type OptionTable } from './arguments.ts';
import { bindable } from './conversation/bindable.ts';
import { clients, type Client } from './conversation/client.ts';
import { Connection, connectionOptions, type ConnectionOptions } from './conversation/connection.ts';
import type { Binding } from './ffi/libc.ts';
import { openLibc } from './ffi/load.ts';
import { routeEvents, type RouteEvents } from './route/events.ts';
import { families } from './route/families.ts';
import { routeProtocol } from './route/protocol.ts';
import type { NamespaceRef } from './route/namespace.ts';
import { later } from './schema/later.ts';
import { socketsIn } from './netns/socket.ts';
import { routeSupports, type Answers, type RouteSupports, type RouteSupportsSync } from './supports/index.ts';
import type { OpenTransport, Transport } from './transport/transport.ts';
import { routeWatch, type RouteWatch } from './watch/index.ts';

export interface RouteOptions extends ConnectionOptions {
  /** How the C library is called: koffi unless given here or in the environment variable NETLINK_FFI. */
  readonly ffi?: Binding | undefined;
  /** The network namespace that is meant, this thread's unless given; to enter another takes CAP_SYS_ADMIN, and CAP_NET_ADMIN there for what has a socket of its own, as events have. */
  readonly netns?: NamespaceRef | undefined;
  /** Bytes of the socket's receive buffer, as SO_RCVBUF counts them. */
  readonly receiveBuffer?: number | undefined;
  /**
   * Something that stands in for the socket: a recorder, a tape, a fake kernel. No binding is loaded then. A function
   * is called for each socket that is needed; events have one of their own.
   */
  readonly transport?: Transport | OpenTransport | undefined;
}

const bind = clients(bindable(families));
const parts = later({ events: () => routeEvents, watch: () => routeWatch, supports: () => routeSupports });

const routeOptions: OptionTable<RouteOptions> = { ...connectionOptions, ffi: anything, netns: anything, receiveBuffer: byteCount, transport };

/** What a client has besides operations. */
interface Own {
  /** Changes, as they happen, by a socket of their own: `nl.events(['link', 'addr'])`. */
  readonly events: RouteEvents;
  /** A live copy of parts of the kernel's state: `await nl.watch({ links: true, addrs: true })`. */
  readonly watch: RouteWatch;
  /** What this kernel can do: `await nl.supports({ kind: 'vlan' })`. */
  readonly supports: RouteSupports;
  readonly sync: { readonly supports: RouteSupportsSync };
}

/** Links, addresses, routes and the rest of NETLINK_ROUTE in one network namespace. */
export type RouteClient = Client<typeof families> & Own;

/**
 * Opens a connection to NETLINK_ROUTE in this thread's network namespace, or in the one given.
 * The connection stays in that namespace, wherever it is used from.
 *
 * `using nl = openRoute()` closes it at the end of the block.
 */
export function openRoute(options: RouteOptions = {}): RouteClient {
  checkOptions('openRoute', options, routeOptions);
  const open = routeSockets(options);
  const transport = open({ receiveBuffer: options.receiveBuffer });
  const connection = new Connection(transport, routeProtocol, options);
  const answers: Answers = new Map();
  return bind(connection, (call): Own => {
    const supports = () => parts.supports(connection, open, call, answers);
    return {
      events: (types, options) => parts.events(open)(types, options),
      watch: (choice, options) => parts.watch(connection, open, call)(choice, options),
      supports: (feature) => supports().supports(feature),
      sync: { supports: (feature) => supports().sync.supports(feature) },
    };
  }) as RouteClient;
}

/** Where openRoute gets its sockets from: for what stands between them and a connection, as a recorder does. */
export function routeSockets({ transport, netns, ffi }: RouteOptions = {}): OpenTransport {
  if (typeof transport === 'function') return (options) => transport({ ...options, protocol: options.protocol ?? routeProtocol.number });
  if (transport) return () => transport;
  return socketsIn(netns, openLibc(ffi), routeProtocol.number);
}
