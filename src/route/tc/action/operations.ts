import { quote } from '../../../bytes/shell.ts';
import { acknowledged, type Exchange, type Operation, type Steps } from '../../../conversation/operation.ts';
import { headerSize, NLM_F } from '../../../wire/header.ts';
import { RTM_DELACTION, RTM_GETACTION, RTM_NEWACTION } from '../types.ts';
import { resolveActions } from '../prepare.ts';
import type { Action, ActionInput } from './declaration.ts';
import { actionMessage } from './message.ts';

/** An action by its kind and number. */
export interface ActionRef {
  readonly kind: string;
  readonly index: number;
}

/**
 * Lists the actions of one kind that are there, those of filters too.
 *
 * Equivalent to `tc -s actions list action KIND [since MSECS]`. Of a kind that the kernel lacks there are none.
 */
export const list = (kind: string, options: { readonly since?: number | undefined } = {}): Operation<Action[]> => ({
  operation: 'action.list', type: RTM_GETACTION, flags: NLM_F.DUMP, request: actionMessage,
  value: { actions: [{ kind }], flags: { largeDump: true }, timeDelta: options.since },
  command: () => `tc -s actions list action ${quote(kind)}${options.since === undefined ? '' : ` since ${options.since}`}`,
  answer: { ends: 'dump', read, finish: (lists) => (lists as Action[][]).flat() },
});

/** One action. Equivalent to `tc -s actions get action KIND index N`. Fails with ENOENT where there is none. */
export const get = (which: ActionRef): Operation<Action> => ({
  ...exchange('get', RTM_GETACTION, 0, [pick(which)], spell(which)),
  answer: { ends: 'echo', read, finish: (lists) => (lists as Action[][]).flat()[0]! },
});

/**
 * Makes actions for filters to use by their `index`. They are references of nobody until then, and stay.
 *
 * Equivalent to `tc actions add action KIND OPTIONS ... [index N]`. Fails with EEXIST where the number is taken, and with
 * EPERM in the namespace of a plain user, who can have actions in filters only.
 */
export const add = (...actions: ActionInput[]): Steps<void> => set('add', NLM_F.CREATE | NLM_F.EXCL, actions);

/** Makes actions or changes those with the same `index`. Equivalent to `tc actions replace action KIND OPTIONS ...`. */
export const replace = (...actions: ActionInput[]): Steps<void> => set('replace', NLM_F.CREATE | NLM_F.REPLACE, actions);

/** Changes actions that are there. Equivalent to `tc actions change action KIND OPTIONS ... index N`. */
export const change = (...actions: ActionInput[]): Steps<void> => set('change', NLM_F.REPLACE, actions);

/** Deletes an action. Equivalent to `tc actions delete action KIND index N`. Fails with EPERM while a filter uses it. */
const remove = (which: ActionRef | Action): Operation<void> => exchange('delete', RTM_DELACTION, 0, [pick(which as ActionRef)], spell(which as ActionRef));
export { remove as delete };

/** Deletes all actions of a kind. Equivalent to `tc actions flush action KIND`. Fails with EPERM while filters use some. */
export const flush = (kind: string): Operation<void> => exchange('flush', RTM_DELACTION, NLM_F.ROOT, [{ kind }], quote(kind));

function* set(verb: string, flags: number, actions: ActionInput[]): Steps<void> {
  const resolved = yield* resolveActions(`action.${verb}`, actions);
  return exchange(verb, RTM_NEWACTION, flags, resolved, actions.map(({ kind }) => quote(kind)).join(' action '));
}

const exchange = (verb: string, type: number, flags: number, actions: readonly object[], spelt: string): Exchange<void> =>
  acknowledged(`action.${verb}`, type, flags, actionMessage, { actions }, () => `tc actions ${verb} action ${spelt}`);

/** The number by which it is meant; listed actions have it in their options. */
const pick = ({ kind, index, options }: ActionRef & { readonly options?: { readonly index?: number } }): { kind: string; index: number | undefined } => ({ kind, index: index ?? options?.index });
const spell = (which: ActionRef): string => `${quote(which.kind)} index ${pick(which).index}`;

const read: Exchange<unknown>['answer']['read'] = (m, at, end) => actionMessage.decode(m, at + headerSize, end).actions ?? [];
