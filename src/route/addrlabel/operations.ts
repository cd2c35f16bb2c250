import { acknowledged, dump, single, type Operation, type Steps } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { addrlabelMessage, type Addrlabel } from './message.ts';

const RTM_NEWADDRLABEL = 72, RTM_DELADDRLABEL = 73, RTM_GETADDRLABEL = 74;

/** A label to be set; what was listed can be given. */
export interface AddrlabelInput {
  /** IPv6 addresses: `2002::/16`. */
  readonly prefix?: string | undefined;
  readonly label?: number | undefined;
  readonly dev?: LinkRef | undefined;
  readonly index?: number | undefined;
}

/** Lists the labels by which IPv6 source addresses are chosen. Equivalent to `ip addrlabel list`. */
export const list = (): Operation<Addrlabel[]> =>
  dump('addrlabel.list', RTM_GETADDRLABEL, addrlabelMessage, { family: 'inet6' }, addrlabelMessage, undefined, () => 'ip addrlabel list');

/** The label that holds for an IPv6 address, with the prefix that it is given to. */
export function* get(address: string, dev?: LinkRef): Steps<Addrlabel> {
  const index = dev === undefined ? undefined : yield* indexOf('addrlabel.get', dev);
  return single('addrlabel.get', RTM_GETADDRLABEL, 0, addrlabelMessage, { family: 'inet6', prefix: address, index }, addrlabelMessage);
}

/** Sets a label. Equivalent to `ip addrlabel add prefix PREFIX label LABEL [dev DEV]`. Fails with EEXIST where the prefix has one. */
export const add = (entry: AddrlabelInput): Steps<void> => set('addrlabel.add', RTM_NEWADDRLABEL, NLM_F.CREATE | NLM_F.EXCL, 'add', entry);

/** Sets a label or changes it. */
export const replace = (entry: AddrlabelInput): Steps<void> => set('addrlabel.replace', RTM_NEWADDRLABEL, NLM_F.CREATE | NLM_F.REPLACE, 'add', entry);

/**
 * Takes a label away. Equivalent to `ip addrlabel delete prefix PREFIX label LABEL`. Fails with ESRCH where there is none.
 * The kernel wants to be told a label and does not look at it: it need not be given here.
 */
const remove = (entry: AddrlabelInput): Steps<void> => set('addrlabel.delete', RTM_DELADDRLABEL, 0, 'delete', { ...entry, label: entry.label ?? 0 });
export { remove as delete };

function* set(operation: string, type: number, flags: number, verb: string, { prefix, label, dev, index }: AddrlabelInput): Steps<void> {
  const wire = { family: 'inet6', prefix, label, index: dev === undefined ? index : yield* indexOf(operation, dev) };
  return acknowledged(operation, type, flags, addrlabelMessage, wire, () => `ip addrlabel ${verb} prefix ${prefix}${label === undefined ? '' : ` label ${label}`}`);
}
