import { readFileSync } from 'node:fs';
import type { Route, RouteOptions } from '../open.ts';
import type { ReplayerOptions } from '../transport/replayer.ts';
import { recordRoute, type RecordOptions } from './record.ts';
import { replayRoute } from './replay.ts';

export interface RouteOnTapeOptions extends RouteOptions, ReplayerOptions, RecordOptions {
  /**
   * True talks to the kernel of this machine and writes the tape anew. Unless given, the environment variable
   * NETLINK_TAPES says it, when this is called: `NETLINK_TAPES=update npm test`.
   */
  readonly update?: boolean | undefined;
}

/**
 * Opens a connection that replays a tape's file, or records it where it is to be updated: the same test makes its tape
 * and, from then on, runs without a kernel and without privileges. `done()` belongs to its end: it closes the
 * connection and then throws a TapeMismatchError if the tape has more requests, or writes the tape.
 *
 * Updating changes what the code under test changes: do it in a namespace made for it (`unshare -Urmn`).
 */
export function routeOnTape(path: string | URL, options: RouteOnTapeOptions = {}): { readonly nl: Route; readonly done: () => void } {
  const { update = process.env['NETLINK_TAPES'] === 'update', match, ignore, title, comments, protocol, ...route } = options;
  if (update) {
    const { nl, tape } = recordRoute({ ...route, title, comments, protocol });
    return {
      nl,
      done() {
        nl.close();
        tape.save(path);
      },
    };
  }
  const { nl, done } = replayRoute(readFileSync(path, 'utf8'), { ...route, match, ignore });
  return {
    nl,
    done() {
      nl.close();
      done();
    },
  };
}
