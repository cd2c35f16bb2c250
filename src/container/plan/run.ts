import type { BatchItem } from '../../conversation/bind.ts';
import { ArgumentError, BatchError } from '../../errors.ts';
import { ownCallNamed } from '../calls.ts';
import type { Host } from '../host.ts';
import type { Call, Step } from './call.ts';
import type { Places } from './draft.ts';
import { namesIn, resolved } from './link-name.ts';
import type { CallContext } from './own-call.ts';

/** Does the calls of a step; gives what they resulted in. */
export async function runStep({ calls }: Step, places: Places, context: CallContext): Promise<unknown[]> {
  const [first] = calls;
  if (first === undefined) return [];
  return calls.length === 1 ? [await runCall(first, places, context)] : runTogether(calls, placeOf(first, places), context);
}

/** Does one call. */
export async function runCall(call: Call, places: Places, context: CallContext): Promise<unknown> {
  const place = placeOf(call, places), args = resolved(call.args, (name) => name, places.container?.ns);
  try {
    const own = ownCallNamed(call.call);
    if (own) return await own.run(place, args, { ...context, places });
    const { client, family, name } = operationOf(call.call);
    const bound = (client === 'nft' ? place.nft : place.nl.with({ signal: context.signal })) as unknown as Clients;
    return await bound[family]![name]!(...args);
  } catch (error) {
    if (forgiven(call, error)) return undefined;
    throw error;
  }
}

type Clients = { readonly [family: string]: { readonly [name: string]: (...args: unknown[]) => Promise<unknown> } };
type Batched = { readonly [family: string]: { readonly [name: string]: (...args: unknown[]) => BatchItem<unknown> } };

/** Sends calls of one place to the kernel in one go. Links are looked up before: nothing is asked in between. */
async function runTogether(calls: readonly Call[], { nl }: Host, context: CallContext): Promise<unknown[]> {
  const indexes = new Map<string, number>();
  for (const name of new Set(namesIn(calls.map(({ args }) => args)))) indexes.set(name, (await nl.link.get(name, { stats: false })).index);
  const prepared = calls.map((call) => ({ ...operationOf(call.call), args: resolved(call.args, (name) => indexes.get(name)!) }));
  try {
    return await nl.with({ signal: context.signal }).batch((batch) =>
      prepared.map(({ family, name, args }) => (batch as unknown as Batched)[family]![name]!(...args))) as unknown[];
  } catch (error) {
    if (error instanceof BatchError && error.failures.every((failure) => forgiven(calls[failure.index]!, failure.error)))
      return [...error.results];
    throw error;
  }
}

/** `nft.table.add` is an operation of a netfilter connection, `link.add` one of a route connection. */
export function operationOf(call: string): { client: 'nl' | 'nft'; family: string; name: string } {
  const parts = call.split('.');
  const [family, name] = parts.slice(-2);
  if (family === undefined || name === undefined || parts.length > 3 || (parts.length === 3 && parts[0] !== 'nft'))
    throw new ArgumentError(`there is no call ${call}`);
  return { client: parts.length === 3 ? 'nft' : 'nl', family, name };
}

function placeOf({ where, call }: Call, places: Places): Host {
  const place = places[where];
  if (!place) throw new ArgumentError(`${call}: this plan has no ${where}`);
  return place;
}

const forgiven = ({ forgive }: Call, error: unknown): boolean =>
  forgive?.includes((error as { code?: string }).code ?? '') ?? false;
