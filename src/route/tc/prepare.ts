import { within } from '../../errors.ts';
import type { Asked } from '../../conversation/operation.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import type { ActionInput } from './action/declaration.ts';

type Value = { readonly [key: string]: unknown };

/** A shared block of filters, by its number: what several qdiscs name as their `ingressBlock` or `egressBlock`. */
export interface BlockRef {
  readonly block: number;
}

/** Where filters are: a link, or a shared block. */
export type FilterPlace = LinkRef | BlockRef;

/** Inside steps: the fields of the header that say where filters are. */
export function* placeOf(operation: string, place: FilterPlace, given: { parent?: string | undefined }): Generator<Asked, Value, any> {
  if (typeof place !== 'object' || !('block' in place)) return { index: yield* indexOf(operation, place), ...given };
  return { block: place.block };
}

/** Inside steps: `dev` of a mirred action becomes the index of its link, and bytecode is counted. */
export function* resolveActions(operation: string, actions: readonly ActionInput[]): Generator<Asked, ActionInput[], any> {
  const resolved: ActionInput[] = [];
  for (const [i, action] of actions.entries()) {
    const { dev, ...options }: Value = { ...(action.options as Value | undefined) };
    if (action.kind === 'mirred' && dev !== undefined)
      resolved.push({ ...action, options: { ...options, ifindex: yield* indexOf(operation, dev as LinkRef, `actions[${i}].options.dev`) } } as ActionInput);
    else resolved.push({ ...action, ...(action.options ? { options: counted(action.options as Value) } : {}) } as ActionInput);
  }
  return resolved;
}

/** Inside steps: the options of a filter with what their actions name resolved. */
export function* resolveOptions(operation: string, value: Value): Generator<Asked, Value, any> {
  const { options } = value as { options?: Value };
  if (typeof options !== 'object' || options instanceof Uint8Array || options === null) return value;
  const { actions } = options as { actions?: ActionInput[] };
  try {
    return { ...value, options: { ...counted(options), ...(Array.isArray(actions) ? { actions: yield* resolveActions(operation, actions) } : {}) } };
  } catch (error) {
    throw within(error, 'options');
  }
}

/** Classic bytecode goes with the number of its instructions. */
const counted = (options: Value): Value =>
  Array.isArray(options['ops']) && options['opsLen'] === undefined ? { opsLen: options['ops'].length, ...options } : options;
