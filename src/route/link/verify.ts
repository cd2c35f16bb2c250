import { ask, type Asked } from '../../conversation/operation.ts';
import type { IgnoredField } from '../../errors.ts';
import type { Owner } from '../../schema/codec.ts';
import { difference } from './difference.ts';
import { linkMessage, type Link, type LinkRef } from './message.ts';
import { isPattern, lookup } from './resolve.ts';
import { flagChanges } from './steps.ts';

/** What says where a link is, what is done rather than kept, and what the link itself has a say in. */
const notKept = new Set([
  'index', 'type', 'family', 'change', 'flags', 'altname', 'altnames', 'netnsFd', 'netnsPid', 'targetNetnsid', 'extMask', 'newIfindex',
  'carrier', 'operstate', 'linkmode', 'linkNetnsid', 'protoDownReasonMask', 'protinfo', 'vfinfoList', 'vfPorts', 'portSelf', 'xdp', 'parentDevName', 'parentDevBusName',
]);
/** Of a pair, each is the other's `link`: it is not for us to say. */
const pairs = new Set<unknown>(['veth', 'vxcan', 'netkit']);
/** Options that are done, and not kept. */
const done = { options: ['peer', 'fdbFlush', 'macaddrMode', 'createSockets', 'fd0', 'fd1'], port: ['flush'] };
/** Options that the kernel takes and does not report, or not as it was told: GCM-AES-128 has two numbers. */
const untold: { readonly [kind: string]: readonly string[] } = {
  batadv: ['algoName'], hsr: ['multicastSpec', 'version'], macsec: ['port', 'cipherSuite'],
};

/**
 * Inside steps: what of `wire` the link does not have, although it was acknowledged. A link that was moved to another
 * namespace, or made there, or whose name the kernel has chosen, is not looked at.
 */
export function* ignoredOfLink(operation: string, ref: LinkRef | undefined, wire: Owner): Generator<Asked, readonly IgnoredField[], any> {
  if (ref === undefined || isPattern(ref) || wire['netnsFd'] !== undefined) return [];
  const present = yield* ask(lookup(operation, ref)), own = unlike(wire, present);
  const peer = (wire['options'] as { peer?: Owner } | undefined)?.peer;
  if (!peer || peer['netnsFd'] !== undefined || !present.link) return own;
  const other = yield* ask(lookup(operation, present.link));
  return [...own, ...unlike(peer, other).map((one) => ({ ...one, field: `options.peer.${one.field}` }))];
}

function unlike(wire: Owner, present: Link): IgnoredField[] {
  const was = present as unknown as Owner, wanted = Object.fromEntries(Object.entries(wire).filter(([key, value]) => !notKept.has(key) && value !== undefined));
  const notSeen = { options: [...done.options, ...untold[present.kind as string] ?? []], port: done.port };
  for (const [key, names] of Object.entries(notSeen))
    if (wanted[key] !== undefined) wanted[key] = Object.fromEntries(Object.entries(wanted[key] as Owner).filter(([name]) => !names.includes(name)));
  // what is not told is 0, or no text
  for (const key of ['master', 'link', 'alias']) if (!wanted[key] && !was[key]) delete wanted[key];
  if (was['numRxQueues'] === undefined) delete wanted['numRxQueues']; // a kernel for one processor does not tell it
  if (pairs.has(present.kind)) delete wanted['link'];
  const index = wire['index'] !== undefined && wire['index'] !== present.index ? [{ field: 'index', wanted: wire['index'], present: present.index }] : [];
  const altnames = ((wire['altnames'] ?? []) as string[]).filter((name) => !present.altnames?.includes(name));
  return [
    ...index, ...fields(difference(linkMessage.body, wanted, was), was),
    ...fields(flagChanges(wire['flags'] as Owner | undefined, present.flags), present.flags as Owner, 'flags.'),
    ...(altnames.length > 0 ? [{ field: 'altnames', wanted: altnames, present: present.altnames }] : []),
  ];
}

/** Differences as a list, each with its path. */
function fields(changes: Owner | undefined, present: Owner | undefined, path = ''): IgnoredField[] {
  return Object.entries(changes ?? {}).flatMap(([key, wanted]) => {
    const was = present?.[key];
    if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted) && !(wanted instanceof Uint8Array)) return fields(wanted as Owner, was as Owner | undefined, `${path}${key}.`);
    return alike(wanted, was) ? [] : [{ field: `${path}${key}`, wanted, present: was }];
  });
}

/** The kernel gives lists in an order of its own, and counts time in ticks of its own, which may be longer than ours. */
function alike(wanted: unknown, present: unknown): boolean {
  if (wanted === (present ?? false)) return true;
  if (Array.isArray(wanted)) return Array.isArray(present) && String([...wanted].sort()) === String([...present].sort());
  return typeof wanted === 'number' && !Number.isInteger(wanted) && Math.abs(wanted - Number(present)) < 0.02;
}
