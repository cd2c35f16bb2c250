import { IgnoredError } from '../errors.ts';
import { done, lastOf, type Operation, type Steps } from './operation.ts';

/** An operation that, once acknowledged, reads back what it made or changed, where it knows how. */
export function* verified<T>(operation: Operation<T>): Steps<T> {
  const last = yield* lastOf(operation);
  if ('done' in last || !last.verify) return last;
  const value = yield last, ignored = yield* last.verify();
  if (ignored.length > 0) throw new IgnoredError(last.operation, ignored);
  return done(value as T);
}
