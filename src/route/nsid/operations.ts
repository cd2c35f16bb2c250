import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, single, type Exchange, type Operation, type Steps } from '../../conversation/operation.ts';
import { namespaceFd, type NamespaceRef } from '../namespace.ts';
import { nsidMessage, RTM_GETNSID, RTM_NEWNSID, type Nsid } from './message.ts';

/** What the kernel says where there is no number (NETNSA_NSID_NOT_ASSIGNED), and is told where it is to choose one. */
const notAssigned = -1;

/**
 * The number by which this namespace knows another one, as in `linkNetnsid` of a link; undefined where it has none.
 * The kernel gives one to each namespace that shares a pair of links with this one.
 *
 * Fails with EINVAL for what is no network namespace.
 */
export function* get(ref: NamespaceRef): Steps<number | undefined> {
  const fd = yield* namespaceFd(ref);
  const { nsid } = yield* ask(single('nsid.get', RTM_GETNSID, 0, nsidMessage, { fd }, nsidMessage));
  return done(nsid === notAssigned ? undefined : nsid);
}

/**
 * Gives another namespace a number; 'auto' has the kernel choose.
 *
 * Equivalent to `ip netns set NAME NSID`. Fails with EEXIST where it has one, and where the number is taken.
 */
export function* set(ref: NamespaceRef, nsid: number | 'auto'): Steps<void> {
  const fd = yield* namespaceFd(ref);
  return acknowledged('nsid.set', RTM_NEWNSID, 0, nsidMessage, { fd, nsid: nsid === 'auto' ? notAssigned : nsid },
    typeof ref === 'string' && !ref.includes('/') ? () => `ip netns set ${quote(ref)} ${nsid}` : undefined);
}

/**
 * Lists the numbers that this namespace has for others; with `target`, those that the namespace of that number has,
 * and beside them (`currentNsid`) ours.
 *
 * Equivalent to `ip netns list-id [target-nsid NSID]`.
 */
export const list = (filter: { readonly target?: number | undefined } = {}): Operation<Nsid[]> => {
  const { target } = filter;
  return dump('nsid.list', RTM_GETNSID, nsidMessage, { targetNsid: target }, nsidMessage, undefined,
    () => `ip netns list-id${target === undefined ? '' : ` target-nsid ${target}`}`) as unknown as Exchange<Nsid[]>;
};
