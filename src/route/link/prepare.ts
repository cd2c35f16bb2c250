import { Writer } from '../../bytes/writer.ts';
import type { Asked } from '../../conversation/operation.ts';
import { EncodeError, within } from '../../errors.ts';
import type { Owner } from '../../schema/codec.ts';
import { namespaceFd, type NamespaceRef } from '../namespace.ts';
import { hasDefaults } from './defaults.ts';
import { linkMessage, type LinkChange, type LinkInput, type LinkRef } from './message.ts';
import { linkTarget, indexOf } from './resolve.ts';

/** What the kernel leaves aside in the message that makes a link, and takes once the link is there. */
export const late: ReadonlySet<string> = new Set([
  'alias', 'afSpec', 'altnames', 'portKind', 'port', 'protoDown', 'protoDownReason', 'protoDownReasonMask', 'xdp',
  'vfinfoList', 'vfPorts', 'portSelf',
]);
/** What it does not have: a listed link tells its carrier, too. */
export const lateOrCarrier: ReadonlySet<string> = new Set([...late, 'carrier']);

/** What lies on the wire otherwise than it is given. */
const apart: ReadonlySet<string> = new Set(['up', 'master', 'link', 'netns']), apartOfPeer: ReadonlySet<string> = new Set(['up', 'netns']);

/**
 * Inside steps: what the user wrote, as the message has it: names of links become indexes, namespaces descriptors,
 * `up` a flag. All of it is checked before the first question; `asks` says whether there are some behind this.
 */
export function* prepare(operation: string, input: LinkInput | LinkChange, asks: boolean): Generator<Asked, Owner, any> {
  const given = (input ?? {}) as Owner, { up, master, link, netns } = given, wire = without(apart, given);
  withUp(wire, up);
  const peer = (wire['options'] as { peer?: { netns?: unknown } } | null | undefined)?.peer;
  const trial = !asks && atOnce(wire, master, link, netns, peer?.netns) ? undefined : new Writer(1024), peerNetns = withPeer(wire, trial);
  withSources(wire);
  if (trial !== undefined) linkMessage.encode(trial, wire as never);
  if (master !== undefined) wire['master'] = master === 0 ? 0 : yield* indexOf(operation, checked(master, 'master'), 'master');
  if (link !== undefined) wire['link'] = link === 0 ? 0 : yield* indexOf(operation, checked(link, 'link'), 'link');
  if (netns !== undefined) wire['netnsFd'] = yield* namespaceFd(netns as NamespaceRef);
  if (peerNetns !== undefined) (wire['options'] as { peer: Owner }).peer['netnsFd'] = yield* peerNamespace(peerNetns);
  return wire;
}

/** A copy of what was given, without some of it. */
export function without(keys: ReadonlySet<string>, from: Owner): Owner {
  const left: Owner = {};
  for (const key of Object.keys(from)) if (!keys.has(key)) left[key] = from[key];
  return left;
}

/** Whether nothing is asked and one message says all that was given: then whatever is wrong is said when that is written. */
function atOnce(wire: Owner, master: unknown, link: unknown, netns: unknown, peerNetns: unknown): boolean {
  for (const key of Object.keys(wire)) if (wire[key] !== undefined && lateOrCarrier.has(key)) return false;
  return !hasDefaults(wire['kind']) && isKnown(master) && isKnown(link) && isOpen(netns) && isOpen(peerNetns);
}

const isKnown = (ref: unknown): boolean => ref === undefined || typeof ref === 'number';
const isOpen = (ref: unknown): boolean => ref === undefined || (typeof ref === 'object' && ref !== null && 'fd' in ref);

function withUp(wire: Owner, up: unknown): void {
  if (up === undefined) return;
  if (typeof up !== 'boolean') throw new EncodeError(`must be true or false, got ${String(up)}`, 'up');
  wire['flags'] = Object.assign({}, wire['flags'], { up });
}

/**
 * The other end of a pair, without its namespace, which is given. What the kernel would drop without a word is refused.
 */
function withPeer(wire: Owner, trial: Writer | undefined): NamespaceRef | undefined {
  const options = wire['options'] as { peer?: unknown } | null | undefined;
  if (typeof options?.peer !== 'object' || options.peer === null) return undefined;
  const given = options.peer as Owner, { up, netns } = given, peer = without(apartOfPeer, given);
  try {
    for (const key of Object.keys(peer))
      if (peer[key] !== undefined && (key === 'master' || key === 'link' || late.has(key)))
        throw new EncodeError('the kernel does not take it for the other end of a pair: change it afterwards', key);
    withUp(peer, up);
    if (trial !== undefined) linkMessage.encode(trial, peer as never);
  } catch (error) {
    throw within(within(error, 'peer'), 'options');
  }
  wire['options'] = { ...options, peer };
  return netns as NamespaceRef | undefined;
}

function* peerNamespace(netns: NamespaceRef): Generator<Asked, number, any> {
  try {
    return yield* namespaceFd(netns);
  } catch (error) {
    throw within(within(error, 'peer'), 'options');
  }
}

/** A macvlan's source addresses without a word about what to do with them: they are set, as a listing gives them. */
function withSources(wire: Owner): void {
  const options = wire['options'] as Owner | null | undefined;
  if (options?.['macaddrData'] !== undefined && options['macaddrMode'] === undefined)
    wire['options'] = { ...options, macaddrMode: 'set' };
}

function checked(ref: unknown, field: string): LinkRef {
  try {
    linkTarget(ref as LinkRef);
  } catch (error) {
    if (error instanceof EncodeError) throw new EncodeError(error.reason, field);
    throw error;
  }
  return ref as LinkRef;
}
