import { readFileSync } from 'node:fs';
import type { Netfilter } from '../netfilter/client.ts';
import { netfilterSockets, openNetfilter, type NetfilterOptions } from '../netfilter/open.ts';
import { openRoute, routeSockets, type RouteClient, type RouteOptions } from '../open.ts';
import type { ReplayerOptions } from '../transport/replayer.ts';
import type { OpenTransport } from '../transport/transport.ts';
import { record, type RecordOptions } from './record.ts';
import { replay } from './replay.ts';

export interface OnTapeOptions extends ReplayerOptions, RecordOptions {
  /**
   * True talks to the kernel of this machine and writes the tape anew. Unless given, the environment variable
   * NETLINK_TAPES says it, when this is called: `NETLINK_TAPES=update npm test`.
   */
  readonly update?: boolean | undefined;
}

/** A tape that is replayed, or recorded where it is to be updated. */
export interface OnTape {
  /** The tape's sockets; where it is recorded, those of `live` through the recorder. */
  sockets(live: () => OpenTransport): OpenTransport;
  /** Belongs to the end: throws a TapeMismatchError if a request did not fit or the tape has more, or writes the tape. */
  done(): void;
}

/**
 * Replays a tape's file, or records it where it is to be updated: the same test makes its tape and, from then on, runs
 * without a kernel and without privileges. A program that needs several connections gets all of them from one tape:
 *
 *     const tape = onTape(path);
 *     const nl = openRoute({ transport: tape.sockets(routeSockets) });
 *     const rules = openNetfilter({ transport: tape.sockets(netfilterSockets) });
 *
 * Updating changes what the code under test changes: do it in a namespace made for it (`unshare -Urmn`).
 */
export function onTape(path: string | URL, options: OnTapeOptions = {}): OnTape {
  const { update = process.env['NETLINK_TAPES'] === 'update', match, ignore, ...about } = options;
  if (update) {
    const tape = record(about);
    return { sockets: (live) => tape.sockets(live()), done: () => tape.save(path) };
  }
  const { open, done } = replay(readFileSync(path, 'utf8'), { match, ignore });
  return { sockets: () => open, done };
}

/**
 * A connection on a tape's file, as `onTape` has it. `done()` belongs to the end of the test: it closes the connection
 * and throws a TapeMismatchError if the tape has more requests, or writes the tape.
 */
export function routeOnTape(path: string | URL, options: RouteOptions & OnTapeOptions = {}): { readonly nl: RouteClient; readonly done: () => void } {
  const { update, match, ignore, title, comments, ...rest } = options, tape = onTape(path, { update, match, ignore, title, comments });
  return closing(openRoute({ ...rest, transport: tape.sockets(() => routeSockets(rest)) }), tape);
}

/** The same for nf_tables and connection tracking. */
export function netfilterOnTape(path: string | URL, options: NetfilterOptions & OnTapeOptions = {}): { readonly nl: Netfilter; readonly done: () => void } {
  const { update, match, ignore, title, comments, ...rest } = options, tape = onTape(path, { update, match, ignore, title, comments });
  return closing(openNetfilter({ ...rest, transport: tape.sockets(() => netfilterSockets(rest)) }), tape);
}

function closing<C extends { close(): void }>(nl: C, tape: OnTape): { readonly nl: C; readonly done: () => void } {
  return {
    nl,
    done() {
      nl.close();
      tape.done();
    },
  };
}
