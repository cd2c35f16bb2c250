import type { Netfilter } from '../netfilter/client.ts';
import { openNetfilter, type NetfilterOptions } from '../netfilter/open.ts';
import { openRoute, type RouteClient, type RouteOptions } from '../open.ts';
import { replayer, type Replayer, type ReplayerOptions } from '../transport/replayer.ts';
import { parseTape } from '../transport/tape-text.ts';
import type { Tape } from '../transport/tape.ts';
import { protocolOf } from './protocols.ts';

/**
 * Plays a tape to a program as if it were the kernel: `replay(text).open` is where connections get their sockets from,
 * `openRoute({ transport: open })`. No binding to the C library is loaded; it works on any system. Throws a TapeError
 * for what is no tape.
 */
export function replay(tape: string | Tape, options: ReplayerOptions = {}): Replayer {
  return replayer(typeof tape === 'string' ? parseTape(tape) : tape, protocolOf, options);
}

/**
 * Opens a connection to a tape, given as its text.
 *
 *     const { nl, done } = replayRoute(readFileSync('bridge.tape', 'utf8'));
 *     await nl.link.add({ name: 'br0', kind: 'bridge' });
 *     done(); // throws if the tape has more requests
 */
export function replayRoute(tape: string | Tape, options: ReplayerOptions & RouteOptions = {}): { readonly nl: RouteClient; readonly done: () => void } {
  const { match, ignore, ...rest } = options, { open, done } = replay(tape, { match, ignore });
  return { nl: openRoute({ ...rest, transport: open }), done };
}

/** The same for nf_tables and connection tracking. */
export function replayNetfilter(tape: string | Tape, options: ReplayerOptions & NetfilterOptions = {}): { readonly nl: Netfilter; readonly done: () => void } {
  const { match, ignore, ...rest } = options, { open, done } = replay(tape, { match, ignore });
  return { nl: openNetfilter({ ...rest, transport: open }), done };
}
