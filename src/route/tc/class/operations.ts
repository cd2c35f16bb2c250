import { optional, quote } from '../../../bytes/shell.ts';
import { acknowledged, type Steps } from '../../../conversation/operation.ts';
import { NLM_F } from '../../../wire/header.ts';
import type { LinkRef } from '../../link/message.ts';
import { indexOf } from '../../link/resolve.ts';
import { echoed, filtered, spell } from '../exchange.ts';
import { classMessage, type TcClass, type TcClassInput } from '../message.ts';
import { classKinds } from '../qdisc/kinds/index.ts';
import { RTM_DELTCLASS, RTM_GETTCLASS, RTM_NEWTCLASS } from '../types.ts';

/** Which classes of a link are listed. */
export interface ClassFilter {
  /** Those of this qdisc, `1:`, or below this class, `1:1`; the kernel filters by qdisc. */
  readonly parent?: string | undefined;
  readonly kind?: string | undefined;
}

/**
 * Lists the classes of a link.
 *
 * Equivalent to `tc -s -d class show dev DEV [parent P]`.
 */
export function* list(dev: LinkRef, filter: ClassFilter = {}): Steps<TcClass[]> {
  const { kind, parent } = filter, index = yield* indexOf('class.list', dev);
  const keep = (one: TcClass): boolean => (kind === undefined || one.kind === kind) && (parent === undefined || below(one, parent));
  return filtered('class.list', RTM_GETTCLASS, classMessage, { index, parent: parent && `${parent.split(':')[0]}:` }, keep,
    () => `tc -s -d class show ${spell(dev)}${optional('parent', parent)}`);
}

/** Whether a class is of the qdisc `1:`, or hangs below the class `1:1`. */
const below = (one: TcClass, parent: string): boolean =>
  parent.endsWith(':') ? one.handle.startsWith(parent) : one.parent === parent;

/**
 * One class by its handle, `1:10`.
 *
 * Equivalent to `tc -s -d class show dev DEV classid H`. Fails with ENOENT where there is none.
 */
export function* get(dev: LinkRef, handle: string): Steps<TcClass> {
  return echoed('class.get', RTM_GETTCLASS, classMessage, { index: yield* indexOf('class.get', dev), handle },
    () => `tc -s -d class show ${spell(dev)}${optional('classid', handle)}`);
}

/**
 * Makes a class below `parent`: a qdisc, `1:`, or another class.
 *
 * Equivalent to `tc class add dev DEV parent P [classid H] KIND OPTIONS`; `handle` is the classid. Fails with EEXIST
 * where there is one.
 */
export const add = (dev: LinkRef, one: TcClassInput): Steps<void> => set('add', NLM_F.CREATE | NLM_F.EXCL, dev, one);

/** Changes a class. Equivalent to `tc class change dev DEV [parent P] classid H KIND OPTIONS`. */
export const change = (dev: LinkRef, one: TcClassInput): Steps<void> => set('change', 0, dev, one);

/** Makes a class or changes it. Equivalent to `tc class replace dev DEV parent P classid H KIND OPTIONS`. */
export const replace = (dev: LinkRef, one: TcClassInput): Steps<void> => set('replace', NLM_F.CREATE | NLM_F.REPLACE, dev, one);

/**
 * Deletes a class by its handle. Equivalent to `tc class delete dev DEV classid H`.
 *
 * Fails with EBUSY while it has children or filters that point to it.
 */
function* remove(dev: LinkRef, which: string | TcClass): Steps<void> {
  const handle = typeof which === 'string' ? which : which.handle;
  return acknowledged('class.delete', RTM_DELTCLASS, 0, classMessage, { index: yield* indexOf('class.delete', dev), handle },
    () => `tc class delete ${spell(dev)}${optional('classid', handle)}`);
}
export { remove as delete };

function* set(verb: string, flags: number, dev: LinkRef, one: TcClassInput): Steps<void> {
  const operation = `class.${verb}`, index = yield* indexOf(operation, dev), { leaf: _, ...wire } = one;
  return acknowledged(operation, RTM_NEWTCLASS, flags, classMessage, { ...wire, options: wire.options ?? (one.kind in classKinds ? {} : undefined), index },
    () => `tc class ${verb} ${spell(dev)}${optional('parent', one.parent)}${optional('classid', one.handle)} ${quote(one.kind)}`);
}
