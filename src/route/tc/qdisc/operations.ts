import { optional, quote } from '../../../bytes/shell.ts';
import { acknowledged, ask, done, type Exchange, type Steps } from '../../../conversation/operation.ts';
import { errno } from '../../../errno.ts';
import { KernelError } from '../../../errors.ts';
import { NLM_F } from '../../../wire/header.ts';
import type { LinkRef } from '../../link/message.ts';
import { indexOf } from '../../link/resolve.ts';
import { at, echoed, filtered, spell } from '../exchange.ts';
import { qdiscMessage, type Qdisc, type QdiscInput } from '../message.ts';
import { wantOptions } from './kinds/index.ts';
import { RTM_DELQDISC, RTM_GETQDISC, RTM_NEWQDISC } from '../types.ts';

/** A qdisc by where it hangs or by its handle: `{ parent: 'root' }`, `{ parent: 'ingress' }`, `{ handle: '1:' }`. */
export type QdiscRef = { readonly kind?: string | undefined } &
  ({ readonly parent: string; readonly handle?: string | undefined } | { readonly handle: string; readonly parent?: string | undefined });

/** Which qdiscs are listed. */
export interface QdiscFilter {
  readonly dev?: LinkRef | undefined;
  readonly kind?: string | undefined;
  /** Also those that the kernel hides: the ones at the leaves of mq and of classes. */
  readonly invisible?: boolean | undefined;
}

/**
 * Lists the qdiscs of a link, or of all.
 *
 * Equivalent to `tc -s -d qdisc show [dev DEV] [invisible]`.
 */
export function* list(filter: QdiscFilter = {}): Steps<Qdisc[]> {
  const { dev, kind } = filter, index = dev === undefined ? undefined : yield* indexOf('qdisc.list', dev);
  const keep = (qdisc: Qdisc): boolean => (index === undefined || qdisc.index === index) && (kind === undefined || qdisc.kind === kind);
  return filtered('qdisc.list', RTM_GETQDISC, qdiscMessage, { index, dumpInvisible: filter.invisible }, keep,
    () => `tc -s -d qdisc show${dev === undefined ? '' : ` ${spell(dev)}`}${filter.invisible ? ' invisible' : ''}`);
}

/**
 * One qdisc of a link, by place or handle.
 *
 * Equivalent to what `tc qdisc show dev DEV [root | ingress | parent P | handle H]` picks from its list; by handle alone
 * it is picked just so, for then the kernel's own answer lacks the place. Fails with ENOENT where there is none.
 */
export function* get(dev: LinkRef, which: QdiscRef): Steps<Qdisc> {
  const { parent, handle } = which;
  if (parent !== undefined)
    return echoed('qdisc.get', RTM_GETQDISC, qdiscMessage, { index: yield* indexOf('qdisc.get', dev), handle, parent }, () => `tc -s -d qdisc show ${spell(dev)}${where(which)}`);
  const found = (yield* ask(list({ dev, invisible: true }))).find((qdisc) => qdisc.handle === handle);
  if (!found) throw new KernelError({ operation: 'qdisc.get', errno: errno.ENOENT, hint: `There is no qdisc ${handle} on ${spell(dev)}` });
  return done(found);
}

/**
 * Sets a qdisc: at the root of the link unless `parent` is given; ingress and clsact have their own place.
 *
 * Equivalent to `tc qdisc add dev DEV [root | parent P] [handle H] KIND OPTIONS`. Fails with EEXIST where one was set
 * before, with ENOENT where the kernel lacks the kind.
 */
export const add = (dev: LinkRef, qdisc: QdiscInput): Steps<void> => set('add', NLM_F.CREATE | NLM_F.EXCL, dev, qdisc);

/**
 * Sets a qdisc in the place of what is there; one of the same kind and handle is changed and keeps its classes.
 *
 * Equivalent to `tc qdisc replace dev DEV ...`.
 */
export const replace = (dev: LinkRef, qdisc: QdiscInput): Steps<void> => set('replace', NLM_F.CREATE | NLM_F.REPLACE, dev, qdisc);

/**
 * Changes the options of a qdisc; its kind must be said and stays. Not every kind can: htb answers EOPNOTSUPP or
 * ENOSYS.
 *
 * Equivalent to `tc qdisc change dev DEV ...`.
 */
export const change = (dev: LinkRef, qdisc: QdiscInput): Steps<void> => set('change', 0, dev, qdisc);

/**
 * Puts an existing qdisc, named by `handle`, in another place as well.
 *
 * Equivalent to `tc qdisc link dev DEV parent P handle H`. Only kernels from before 2025 do it: Linux 6.14 and all that
 * were maintained then refuse with EINVAL whatever place has another parent.
 */
export const link = (dev: LinkRef, qdisc: QdiscInput): Steps<void> => set('link', NLM_F.REPLACE, dev, qdisc);

/**
 * Takes a qdisc away, its classes and filters with it: the link falls back to its own.
 *
 * Equivalent to `tc qdisc delete dev DEV {root | ingress | parent P} [handle H]`. Fails with ENOENT where none was set, with
 * EINVAL where it is of another kind than said.
 */
function* remove(dev: LinkRef, which: QdiscRef | Qdisc): Steps<void> {
  const { handle, parent, kind } = which;
  return acknowledged('qdisc.delete', RTM_DELQDISC, 0, qdiscMessage, { index: yield* indexOf('qdisc.delete', dev), handle, parent, kind },
    () => `tc qdisc delete ${spell(dev)}${where(which)}`);
}
export { remove as delete };

function* set(verb: string, flags: number, dev: LinkRef, qdisc: QdiscInput): Steps<void> {
  const operation = `qdisc.${verb}`, index = yield* indexOf(operation, dev);
  const { refcnt: _, ...wire } = qdisc, below = qdisc.kind === 'ingress' || qdisc.kind === 'clsact';
  const place = below ? { parent: 'ingress', handle: 'ffff:' } : { parent: 'root' };
  const options = wire.options ?? (flags !== 0 && wantOptions.has(qdisc.kind) ? {} : undefined);
  return qdiscSet(operation, flags, { ...place, ...defined(wire), options, index }, () => `tc qdisc ${verb} ${spell(dev)}${where({ ...place, ...defined(wire) })} ${quote(qdisc.kind)}`);
}

const qdiscSet = (operation: string, flags: number, value: object, command: () => string): Exchange<void> =>
  acknowledged(operation, RTM_NEWQDISC, flags, qdiscMessage, value, command);

const defined = (value: object): { parent?: string; handle?: string } => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

const where = ({ parent, handle }: { parent?: string | undefined; handle?: string | undefined }): string =>
  `${at(parent)}${optional('handle', handle)}`;
