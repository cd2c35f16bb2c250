import type { IgnoredField } from '../../errors.ts';
import { formatAddress, prefixOf } from '../prefix.ts';
import type { Addr, AddrInput } from './message.ts';

/** What the kernel does not change of an address that is there. */
export function unlike(wanted: AddrInput, present: Addr): IgnoredField[] {
  return (['label', 'scope', 'broadcast', 'peer', 'address'] as const)
    .filter((key) => wanted[key] !== undefined && spelling(key, wanted[key]) !== spelling(key, present[key]))
    .map((field) => ({ field, wanted: wanted[field], present: present[field] }));
}

/** Flags that are a wish; the others say how things are. */
const kept = ['noprefixroute', 'mngtmpaddr', 'home', 'nodad', 'autojoin'] as const;

/** What else of an address that was set can be told from how it is reported. */
export function unlikeBesides(wanted: AddrInput, present: Addr): IgnoredField[] {
  const found: IgnoredField[] = [];
  const look = (field: string, now: unknown, was: unknown, same = now === was): unknown => now === undefined || same || found.push({ field, wanted: now, present: was });
  look('metric', wanted.metric, present.metric ?? 0);
  look('proto', wanted.proto, present.proto ?? 'unspec');
  // what is left of a lifetime is less than it was: it is looked at whether there is one
  for (const key of ['validLft', 'preferredLft'] as const) look(key, wanted[key], present[key], (wanted[key] === 'forever') === (present[key] === 'forever'));
  for (const flag of kept) look(`flags.${flag}`, wanted.flags?.[flag], present.flags[flag] ?? false);
  return found;
}

/** One spelling for each address. */
function spelling(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || key === 'label' || key === 'scope') return value;
  const { bytes, length } = prefixOf(value);
  return `${formatAddress(bytes)}/${length}`;
}
