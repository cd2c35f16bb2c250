import { acknowledged, ask, done, type Steps } from '../../conversation/operation.ts';
import { KernelError } from '../../errors.ts';
import { NLM_F } from '../../wire/header.ts';
import { list as listLinks } from '../link/operations.ts';
import { list, type RouteFilter } from './filter.ts';
import { routeMessage, type RouteInput } from './message.ts';
import { asNew, asOld, prepared } from './prepare.ts';
import { RTM_DELROUTE, RTM_NEWROUTE } from './types.ts';

/**
 * Deletes the routes that a filter picks, of the main table unless it names another, until none is left; gives their
 * number.
 *
 * Equivalent to `ip route flush` for both families.
 */
export function* flush(filter: RouteFilter = {}): Steps<number> {
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    const routes = yield* ask(list({ table: 'main', ...filter }));
    if (routes.length === 0) break;
    for (const route of routes) {
      const wire = yield* prepared('route.flush', route, asOld);
      try {
        yield* ask(acknowledged('route.flush', RTM_DELROUTE, 0, routeMessage, wire));
        count++;
      } catch (error) {
        if (!(error instanceof KernelError) || error.code !== 'ESRCH') throw error; // gone with another
      }
    }
  }
  return done(count);
}

/** Routes may come while others are deleted, but not for ever. */
const rounds = 10;

/**
 * The routes that a filter picks, of the main table unless it names another, in a form that outlives their links: links
 * stand in it by name.
 *
 * As `ip route save`. The kernel's own routes are among them, and come back with their addresses all the same.
 */
export function* save(filter: RouteFilter = {}): Steps<RouteInput[]> {
  const routes = yield* ask(list({ table: 'main', ...filter }));
  const names = new Map((yield* ask(listLinks({ stats: false }))).map((link) => [link.index, link.name]));
  const named = <T extends { oif?: number | undefined }>({ oif, ...rest }: T) => ({ ...rest, ...(oif === undefined ? {} : { dev: names.get(oif) ?? oif }) });
  return done(routes.map((route) => ({
    ...named(route), ...(route.multipath ? { multipath: route.multipath.map(named) } : {}),
  }) as RouteInput));
}

/**
 * Makes the routes that `save` gave. Those that are there already are passed over, those with
 * equal keys keep their order; those that need another (the way to
 * their gateway) are made behind it. Gives the number of routes that were made.
 *
 * As `ip route restore`. Fails with the kernel's reason for the first route that cannot be made at all.
 */
export function* restore(routes: readonly RouteInput[]): Steps<number> {
  let left = [...routes], count = 0;
  for (;;) {
    const refused: { route: RouteInput; error: KernelError }[] = [];
    let made = 0;
    for (const route of left) {
      const wire = yield* prepared('route.restore', route, asNew);
      try {
        yield* ask(acknowledged('route.restore', RTM_NEWROUTE, NLM_F.CREATE | NLM_F.APPEND, routeMessage, wire));
        made++;
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        if (error.code !== 'EEXIST') refused.push({ route, error });
      }
    }
    count += made;
    if (refused.length === 0) return done(count);
    if (made === 0) throw refused[0]!.error;
    left = refused.map(({ route }) => route);
  }
}
