import { abortSignal, boolean, milliseconds, type OptionTable } from '../arguments.ts';
import { NetlinkError } from '../errors.ts';
import type { Exchange } from './operation.ts';

/** What a call may be given: how long it may take and what ends it early. */
export interface CallOptions {
  /** Milliseconds until a TimeoutError; the connection's own (10,000) unless given. Infinity waits for ever. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Lets the event loop run at least every 10 ms while a long dump is read. Synchronous calls ignore it. */
  readonly gentle?: boolean | undefined;
  /**
   * Reads back what was made or changed, and fails with ERR_IGNORED where the kernel acknowledged a field and ignored it:
   * links, addresses and routes that are added, changed or replaced. In a batch each of those is then sent by itself.
   */
  readonly verify?: boolean | undefined;
}

export const callOptions: OptionTable<CallOptions> = { timeout: milliseconds, signal: abortSignal, gentle: boolean, verify: boolean };

/** How long a gentle dump or a stream goes on, in milliseconds, before the event loop gets a turn. */
export const slice = 10;

/** The options of one call, with its deadline as a moment of `performance.now()`. */
export interface Call {
  readonly timeout: number;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly gentle: boolean;
  readonly verify: boolean;
}

/** An exchange on its way. */
export interface Pending {
  exchange: Exchange<unknown>;
  readonly call: Call;
  sequence: number;
  /** What has come of the answer, by items.ts: the first `count` of `items`, behind those of `parts`. */
  items: unknown[];
  count: number;
  parts: unknown[][] | undefined;
  /** What the answer keeps of earlier items. */
  kept: unknown;
  /** A dump during which the kernel's table changed. */
  interrupted: boolean;
  /** An answer that did not fit the buffer: it is asked for again with a larger one. */
  cut: boolean;
  tries: number;
  /** Its items are taken as they come; `given` once some were. */
  streamed: boolean;
  given: boolean;
  state: 'waiting' | 'done' | 'failed';
  value: unknown;
  /** Called once, when settled after the caller had to wait. */
  settled: (() => void) | undefined;
  /** Called when an item has come, while somebody waits for one. */
  arrived: (() => void) | undefined;
}

/** The items of an answer of which none has come: most are an acknowledgement alone. */
export const nothing: unknown[] = [];

export const pendingOf = (exchange: Exchange<unknown>, call: Call): Pending => ({
  exchange, call, sequence: 0, items: nothing, count: 0, parts: undefined, kept: undefined, interrupted: false, cut: false, tries: 0,
  streamed: false, given: false, state: 'waiting', value: undefined, settled: undefined, arrived: undefined,
});

export function settle(pending: Pending, state: 'done' | 'failed', value: unknown): void {
  if (pending.state !== 'waiting') return;
  pending.state = state;
  pending.value = value;
  pending.settled?.();
}

/** An error arises deep in the reading of answers; its stack is to show who asked. */
export function fromHere(error: unknown): unknown {
  if (error instanceof NetlinkError) Error.captureStackTrace(error, fromHere);
  return error;
}

/** Puts the caller's stack under an error that arose later, in the event loop. */
export function withCaller(error: unknown, caller: Error): unknown {
  if (error instanceof Error && caller.stack)
    error.stack = `${error.name}: ${error.message}\n${caller.stack.split('\n').slice(1).join('\n')}`;
  return error;
}
