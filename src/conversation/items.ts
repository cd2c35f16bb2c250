import { fromHere, nothing, type Pending } from './pending.ts';

/** So many items make a part; of an answer that keeps what it needs of them, it does so then. */
const many = 1024;

/**
 * An item has come. A long list is gathered in parts, for V8 gives an array that grows new memory again and again: three
 * times what it has in the end, in pages that nothing has touched.
 */
export function add(pending: Pending, item: unknown): void {
  const { items, count } = pending;
  if (count < items.length) items[count] = item;
  else if (count === 0) pending.items = [item];
  else items.push(item);
  pending.count++;
  if (pending.count < many || pending.streamed) return;
  const { answer } = pending.exchange;
  pending.count = 0; // and there is room for the next in the same array, or in one as long
  if (answer.keep) pending.kept = answer.keep(items, pending.kept);
  else {
    (pending.parts ??= []).push(items);
    pending.items = items.slice();
  }
}

/** All that have come. */
export function gathered({ items, parts, count }: Pending): unknown[] {
  if (items === nothing) return [];
  if (count < items.length) items.length = count;
  return parts === undefined ? items : ([] as unknown[]).concat(...parts, items);
}

export function clear(pending: Pending): void {
  pending.items = nothing;
  pending.parts = undefined;
  pending.count = 0;
}

/** What has come of a streamed exchange; its failure follows what came before it. */
export function takeItems(pending: Pending): unknown[] | undefined {
  if (pending.count > 0) {
    const items = gathered(pending);
    clear(pending);
    pending.given = true;
    return pending.exchange.answer.finish(items) as unknown[];
  }
  if (pending.state === 'failed') throw fromHere(pending.value);
  return pending.state === 'done' ? undefined : [];
}
