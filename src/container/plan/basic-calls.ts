import { quote } from '../../bytes/shell.ts';
import { nft } from '../../netfilter/command.ts';
import type { Host } from '../host.ts';
import type { OwnCalls } from './own-call.ts';

/** Calls that any plan may need. */
export const basicCalls = {
  /** A setting below /proc/sys, its parts with slashes between: `net/ipv4/ip_forward`. */
  'sysctl.set': {
    run: ({ settings }, [name, value]) => settings.set(name, value),
    command: (name, value) => `sysctl -w ${quote(`${name}=${value}`)}`,
  },
  /** Deletes a link if it is there and has this MAC address: another of the same name is none of ours. */
  'link.remove': {
    async run({ nl }, [name, address]) {
      const link = await present(nl, name);
      if (link !== undefined && link.address === address) await nl.link.delete(link);
    },
    command: (name) => `ip link delete dev ${quote(name)}`,
  },
  /** Deletes the rules of a table that have this comment. */
  'nft.removeRules': {
    async run({ nft }, [{ comment, ...table }]) {
      const rules = (await nft.rule.list(table)).filter((rule) => rule.userdata?.comment === comment);
      if (rules.length > 0) await nft.transaction((t) => void rules.forEach((rule) => t.rule.delete(rule as never)));
    },
    command: ({ family, table, comment }) => `${nft(`list table ${family} ${table}`, '-a ')} # and delete the rules commented ${quote(comment)}`,
  },
} satisfies Partial<OwnCalls>;

/** A link that may not be there. */
export async function present(nl: Host['nl'], name: string) {
  try {
    return await nl.link.get(name, { stats: false });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENODEV') return undefined;
    throw error;
  }
}
