import { quote } from '../../bytes/shell.ts';
import type { Change } from '../../netfilter/change.ts';
import { nft } from '../../netfilter/command.ts';
import type { Family } from '../../netfilter/header.ts';
import type { Host } from '../host.ts';
import { ownCall } from './own-call.ts';

/** Calls that any plan may need. */
export const basicCalls = {
  /** A setting below /proc/sys, its parts with slashes between: `net/ipv4/ip_forward`. */
  'sysctl.set': ownCall(
    ({ settings }, [name, value]: [string, string]) => settings.set(name, value),
    (name, value) => `sysctl -w ${quote(`${name}=${value}`)}`,
  ),
  /** Deletes a link if it is there and has this MAC address: another of the same name is none of ours. */
  'link.remove': ownCall(
    async ({ nl }, [name, address]: [string, string]) => {
      const link = await present(nl, name);
      if (link !== undefined && link.address === address) await nl.link.delete(link);
    },
    (name) => `ip link delete dev ${quote(name)}`,
  ),
  /** Changes of the ruleset, all of them or none. Their `undo` is one of those below. */
  'nft.transaction': ownCall(
    ({ nft }, [changes]: [readonly Change<unknown>[]]) => nft.transaction(changes),
    (changes) => changes.map((change) => change.command?.() ?? change.operation).join('; '),
  ),
  /** Deletes the rules of a table that have this comment. */
  'nft.removeRules': ownCall(
    async ({ nft }, [{ comment, ...table }]: [{ readonly family: Family; readonly table: string; readonly comment: string }]) => {
      const rules = (await nft.rule.list(table)).filter((rule) => rule.userdata?.comment === comment);
      if (rules.length > 0) await nft.transaction((t) => void rules.forEach((rule) => t.rule.delete(rule as never)));
    },
    ({ family, table, comment }) => `${nft(`list table ${family} ${table}`, '-a ')} # and delete the rules commented ${quote(comment)}`,
  ),
} as const;

/** A link that may not be there. */
export async function present(nl: Host['nl'], name: string) {
  try {
    return await nl.link.get(name, { stats: false });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENODEV') return undefined;
    throw error;
  }
}
