import { acknowledged, dump, single, type Steps } from '../../conversation/operation.ts';
import type { Flags } from '../../schema/flags.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { statsMask, statsMessage, statsRequest, type Stats } from './message.ts';

const RTM_GETSTATS = 94, RTM_SETSTATS = 95;

/** Which statistics: `{ link64: true, linkXstats: true }`. All of them unless said. */
export type StatsMask = Flags<typeof statsMask.names>;

const all: StatsMask = { link64: true, linkXstats: true, linkXstatsSlave: true, linkOffloadXstats: true, afSpec: true };

/**
 * The statistics of a link, those of its kind among them.
 *
 * Equivalent to `ip stats show dev DEV`. Fails with ENODEV where there is no such link.
 */
export function* get(dev: LinkRef, filterMask: StatsMask = all): Steps<Stats> {
  const index = yield* indexOf('stats.get', dev);
  return single(
    'stats.get',
    RTM_GETSTATS,
    0,
    statsRequest,
    { index, filterMask },
    statsMessage,
    () => `ip stats show dev ${devText(dev)}`,
  );
}

/** The statistics of all links. Equivalent to `ip stats show`. */
export const list = (filterMask: StatsMask = all) =>
  dump('stats.list', RTM_GETSTATS, statsRequest, { filterMask }, statsMessage, undefined, () => 'ip stats show');

/**
 * Has the hardware count what it forwards by itself, or no longer.
 *
 * Equivalent to `ip stats set dev DEV l3_stats on|off`. Fails with EOPNOTSUPP where no hardware can.
 */
export function* set(dev: LinkRef, { l3Stats }: { readonly l3Stats: boolean }): Steps<void> {
  const index = yield* indexOf('stats.set', dev);
  return acknowledged(
    'stats.set',
    RTM_SETSTATS,
    0,
    statsRequest,
    { index, l3Stats },
    () => `ip stats set dev ${devText(dev)} l3_stats ${l3Stats ? 'on' : 'off'}`,
  );
}
