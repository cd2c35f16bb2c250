import type { Host } from '../host.ts';
import type { Places } from './draft.ts';
import type { OwnArguments } from './own-arguments.ts';

/** What calls may be told besides their arguments. */
export interface CallContext {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for those that wait for something. */
  readonly timeout: number;
}

/** For calls that are about two namespaces at once, as a pair of links is. */
export type CallPlaces = CallContext & { readonly places: Places };

/**
 * A call that plans have besides those of our connections. It is found by its name alone, so that the undo helper,
 * another process, finds it too; its arguments are plain data.
 */
export interface OwnCall<A extends readonly unknown[]> {
  run(place: Host, args: A, context: CallPlaces): unknown;
  /** The command that does the same, or a sentence where there is none. */
  command(...args: A): string;
}

/** All of them, by name. */
export type OwnCalls = { readonly [N in keyof OwnArguments]: OwnCall<OwnArguments[N]> };
