import type { Connection } from './connection.ts';
import type { Operation } from './operation.ts';
import type { Call, Pending } from './pending.ts';
import { prelude, preludeSync } from './run.ts';

/**
 * The items of a dump in chunks, as many as come in one answer of the kernel: a table of any size takes the memory of
 * one chunk. The kernel goes on with the dump as it is read. Whoever stops early leaves the rest to be read, and
 * dropped, by the connection's next request.
 */
export function* streamSync<T>(connection: Connection, make: () => Operation<T[]>, call: Call): Generator<T[], void, undefined> {
  const last = preludeSync(connection, make(), call);
  if ('done' in last) return yield last.done;
  const pending = connection.begin(last, call, true);
  try {
    for (let chunk = connection.chunkSync(pending); chunk !== undefined; chunk = connection.chunkSync(pending))
      if (chunk.length > 0) yield chunk as T[];
  } finally {
    leave(connection, pending);
  }
}

/** The same as promises. The event loop gets a turn about every 10 milliseconds. */
export async function* stream<T>(connection: Connection, make: () => Operation<T[]>, call: Call): AsyncGenerator<T[], void, undefined> {
  const last = await prelude(connection, make(), call);
  if ('done' in last) return yield last.done;
  const pending = connection.begin(last, call, true);
  try {
    for (let chunk = await connection.chunk(pending); chunk !== undefined; chunk = await connection.chunk(pending)) {
      if (chunk.length > 0) yield chunk as T[];
      await connection.turn();
    }
  } finally {
    leave(connection, pending);
  }
}

const leave = (connection: Connection, pending: Pending): void => {
  if (pending.state === 'waiting') connection.drop(pending);
};
