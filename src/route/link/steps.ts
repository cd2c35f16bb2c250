import { acknowledged, ask, type Asked, type Exchange } from '../../conversation/operation.ts';
import { EncodeError } from '../../errors.ts';
import type { Owner } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { withoutDefaults } from './defaults.ts';
import { difference } from './difference.ts';
import { linkMessage, type Link, type LinkRef } from './message.ts';
import { late, lateOrCarrier, without } from './prepare.ts';
import { indexOf, isPattern, linkTarget, lookup } from './resolve.ts';
import { changedAsWhole } from './tunnel.ts';
import { RTM_NEWLINK, RTM_NEWLINKPROP } from './types.ts';

function pick(from: Owner, keys: ReadonlySet<string>): Owner {
  const picked: Owner = {};
  for (const key of Object.keys(from)) if (keys.has(key) && from[key] !== undefined) picked[key] = from[key];
  return picked;
}

export const newLink = (operation: string, flags: number, wire: Owner, command?: () => string): Exchange<void> =>
  acknowledged(operation, RTM_NEWLINK, flags, linkMessage, wire, command, undefined, 'link');

export const newAltnames = (operation: string, index: number, altnames: unknown, command?: () => string): Exchange<void> =>
  acknowledged(operation, RTM_NEWLINKPROP, NLM_F.CREATE | NLM_F.EXCL | NLM_F.APPEND, linkMessage, { index, altnames }, command, undefined, 'link');

const altnames: ReadonlySet<string> = new Set(['altnames']);

/** Inside steps: the messages that make a link, the last of them not yet sent. Mostly there is only one. */
export function* making(operation: string, wire: Owner, command: () => string): Generator<Asked, Exchange<void>, any> {
  const after = pick(wire, late), { make: whole, peerUp } = splitPeer(withoutDefaults(wire));
  const make = newLink(operation, NLM_F.CREATE | NLM_F.EXCL, without(lateOrCarrier, whole), command);
  const first = peerUp ? 'options.peer.up' : Object.keys(after)[0];
  if (first === undefined) return make;
  if (wire['name'] === undefined)
    throw new EncodeError(`is needed beside ${first}, to find the new link again`, 'name');
  if (isPattern(wire['name']))
    throw new EncodeError(`must be whole beside ${first}: the kernel finds the number and does not tell it`, 'name');
  if (wire['netnsFd'] !== undefined)
    throw new EncodeError(
      'the kernel takes it only when the link is there, and then it is in another namespace: set it from there',
      first,
    );
  yield make;
  const present = yield* ask(lookup(operation, wire['name'] as string));
  const bringUp = peerUp ? newLink(operation, 0, { index: present.link, flags: { up: true } }, command) : undefined;
  const last = yield* altering(operation, present, after, command);
  if (last && bringUp) yield last;
  return bringUp ?? last ?? newLink(operation, 0, { index: present.index }, command);
}

/** The other end of a pair cannot be brought up by the message that makes it (ENOTCONN): it has no other end yet. */
function splitPeer(wire: Owner): { make: Owner; peerUp: boolean } {
  const options = wire['options'] as { peer?: Owner } | undefined,
    flags = options?.peer?.['flags'] as { up?: boolean } | undefined;
  if (!flags?.up) return { make: wire, peerUp: false };
  if (options!.peer!['netnsFd'] !== undefined)
    throw new EncodeError('the other end is in another namespace then: bring it up from there', 'options.peer.up');
  const { up: _, ...others } = flags;
  return { make: { ...wire, options: { ...options, peer: { ...options!.peer, flags: others } } }, peerUp: true };
}

/**
 * Inside steps: the messages that make `present` what `wanted` says, the last not yet sent; undefined where there are
 * none.
 */
export function* altering(
  operation: string,
  present: Link,
  wanted: Owner,
  command: () => string,
): Generator<Asked, Exchange<void> | undefined, any> {
  const was = present as unknown as Owner,
    { index } = present;
  const {
    kind: _kind,
    portKind: _portKind,
    ...changes
  } = difference(linkMessage.body, without(altnames, wanted), was) ?? {};
  const names = ((wanted['altnames'] ?? []) as string[]).filter((name) => !present.altnames?.includes(name));
  const flags = flagChanges(wanted['flags'] as Owner | undefined, was['flags'] as Owner);
  if (flags) changes['flags'] = flags;
  if (changes['options']) changes['kind'] = wanted['kind'];
  if (changes['port']) changes['portKind'] = wanted['portKind'];
  const exchanges = splitPort(operation, { index, ...changes }, command);
  if (names.length > 0) exchanges.push(newAltnames(operation, index, names, command));
  const last = exchanges.pop();
  for (const exchange of exchanges) yield exchange;
  return last;
}

const ofPort: ReadonlySet<string> = new Set(['port', 'portKind']), ofPortAlone: ReadonlySet<string> = new Set(['index', ...ofPort]);

/** Options of a port are taken by the master that a link has already: they go in a message behind it. */
function splitPort(operation: string, wire: Owner, command: () => string): Exchange<void>[] {
  const parts =
    wire['port'] === undefined || wire['master'] === undefined
      ? [wire]
      : [without(ofPort, wire), pick(wire, ofPortAlone)];
  return parts.filter((part) => Object.keys(part).length > 1).map((part) => newLink(operation, 0, part, command));
}

/** Flags that a user can set; the others say how things are. */
const settable = new Set([
  'up',
  'debug',
  'noTrailers',
  'noArp',
  'promisc',
  'allMulti',
  'multicast',
  'portsel',
  'automedia',
  'dynamic',
]);

export function flagChanges(wanted: Owner | undefined, present: Owner): Owner | undefined {
  const changes = Object.entries(wanted ?? {}).filter(
    ([flag, on]) => settable.has(flag) && on !== undefined && on !== (present[flag] ?? false),
  );
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Inside steps: the messages that change a link as told, the last not yet sent. */
export function* changing(
  operation: string,
  dev: LinkRef,
  wire: Owner,
  command: () => string,
): Generator<Asked, Exchange<void>, any> {
  const { altnames, kind, options } = wire, whole = options !== undefined && changedAsWhole.has(kind);
  const present = whole || altnames !== undefined ? yield* ask(lookup(operation, dev)) : undefined;
  const target = present ? { index: present.index } : needsIndex(wire) ? { index: yield* indexOf(operation, dev) } : linkTarget(dev);
  const changes: Owner = Object.assign({}, target, without(notChanged, wire));
  if (whole && present?.kind === kind) changes['options'] = { ...present?.options, ...(options as object) };
  if (altnames === undefined && changes['port'] === undefined) return newLink(operation, 0, changes, command);
  const exchanges = splitPort(operation, changes, command);
  const names = ((altnames ?? []) as string[]).filter((name) => !present!.altnames?.includes(name));
  if (names.length > 0) exchanges.push(newAltnames(operation, present!.index, names, command));
  const last = exchanges.pop() ?? newLink(operation, 0, target, command);
  for (const exchange of exchanges) yield exchange;
  return last;
}

/** What says which link is meant, and what takes messages of its own. */
const notChanged: ReadonlySet<string> = new Set(['index', 'type', 'family', 'altnames']);

/**
 * A name beside an index renames, a group beside a name that nobody has changes all links of that group, and a name
 * beside a namespace is the one that the link is to have there.
 */
const needsIndex = (wire: Owner): boolean =>
  wire['name'] !== undefined || wire['group'] !== undefined || wire['port'] !== undefined || wire['netnsFd'] !== undefined;
