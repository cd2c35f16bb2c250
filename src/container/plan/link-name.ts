/**
 * A link by name, among the arguments of a call: where calls are sent together it becomes the link's index, so that
 * nothing is asked between them.
 */
export interface LinkName {
  readonly $link: string;
}

export const named = (name: string): LinkName => ({ $link: name });

/** The namespace of a plan's container, among the arguments of a call: the undo helper has it under another number. */
export const containerNs = { $place: 'container' } as const;

const isLinkName = (value: unknown): value is LinkName =>
  typeof value === 'object' && value !== null && '$link' in value;

/** All names that stand so among arguments. */
export function namesIn(value: unknown): string[] {
  if (isLinkName(value)) return [value.$link];
  return isPlain(value) ? Object.values(value).flatMap(namesIn) : [];
}

/** Arguments with something else in the place of each name. */
export function resolved<T>(value: T, find: (name: string) => string | number, container?: unknown): T {
  if (isLinkName(value)) return find(value.$link) as T;
  if (typeof value === 'object' && value !== null && '$place' in value) return container as T;
  if (Array.isArray(value)) return value.map((inner) => resolved(inner, find, container)) as T;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, find, container)])) as T;
}

/** Namespaces, changes of the ruleset and bytes are handed on as they are. */
const isPlain = (value: unknown): value is object => Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('fd' in value));
