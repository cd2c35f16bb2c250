/**
 * Writes docs/kinds.md from the declarations: the kinds of links, ports, qdiscs, classes, filters, actions
 * and encapsulations with their options, and the kernels that answered on a tape of fixtures/. `npm run operations` runs it.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get16 } from '../src/bytes/memory.ts';
import { eachMessage } from '../src/conversation/frame.ts';
import { encaps } from '../src/route/encap/index.ts';
import { linkKinds } from '../src/route/link/kinds/index.ts';
import { portKinds } from '../src/route/link/port/index.ts';
import { actionKinds } from '../src/route/tc/action/kinds/index.ts';
import { filterKinds } from '../src/route/tc/filter/kinds/index.ts';
import { classKinds, qdiscKinds } from '../src/route/tc/qdisc/kinds/index.ts';
import { routeProtocol } from '../src/route/protocol.ts';
import { parseTape } from '../src/testing/index.ts';
import { memoryCopy } from '../src/transport/tape.ts';
import { headerSize } from '../src/wire/header.ts';
import { readTape, tapes } from './annotate.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a kernel has said of the kinds it has, by the tapes: `link vlan` to the kernels that answered so. */
function recorded(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of tapes()) {
    const { kernel, entries } = parseTape(readTape(path)), series = /^\d+\.\d+/.exec(kernel)?.[0];
    if (series === undefined || path.startsWith('broken/')) continue;
    const see = (group: string, kind: unknown): void => {
      if (typeof kind !== 'string') return;
      const key = `${group} ${kind}`;
      found.set(key, (found.get(key) ?? new Set()).add(series));
    };
    for (const entry of entries) {
      if (entry.type !== 'receive') continue;
      const m = memoryCopy(entry.bytes);
      eachMessage(m, entry.bytes.length, (at, end) => {
        const known = routeProtocol.messages[get16(m, at + 4)], groups = known && told[known.cName];
        if (groups) groups(known.message.decode(m, at + headerSize, end), see);
      });
    }
  }
  return found;
}

type See = (group: string, kind: unknown) => void;

/** Where the messages of a kernel name kinds. */
const told: { readonly [cName: string]: (message: any, see: See) => void } = {
  RTM_NEWLINK: ({ kind, portKind }, see) => { see('link', kind); see('port', portKind); },
  RTM_NEWQDISC: ({ kind }, see) => see('qdisc', kind),
  RTM_NEWTCLASS: ({ kind }, see) => see('class', kind),
  RTM_NEWTFILTER: ({ kind, options }, see) => { see('filter', kind); for (const action of options?.actions ?? []) see('action', action.kind); },
  RTM_NEWROUTE: ({ encapType }, see) => see('encap', encapType),
  RTM_GETACTION: ({ actions }, see) => { for (const action of actions ?? []) see('action', action.kind); }, // so the kernel lists them
};

const noDebian = 'Debian builds its kernels without it; sent as `ip` sends it';

/** Kinds that no tape has, and why. Their messages are compared with what `ip` sends, as strace sees it, where it has words for them. */
const nowhere: { readonly [kind: string]: string } = {
  'link dsa': 'a switch chip has it; sent as `ip` sends it',
  'link ipoib': 'InfiniBand hardware has it; sent as `ip` sends it',
  'link netdevsim': 'made by writing to /sys/bus/netdevsim, not by netlink; sent as `ip` sends it',
  'link ovpn': 'Linux 6.16 and later; sent as `ip` sends it, which has no word for its mode, even of Linux 7.2: that is compared with the kernel\'s specs',
  'encap ioam6': noDebian,
  'encap rpl': noDebian,
};

type Shape = { readonly declarations?: { readonly [name: string]: { readonly codec: Shape } }; readonly fields?: { readonly [name: string]: unknown }; readonly inner?: Shape };

/** The names of what a kind takes. */
function optionsOf(codec: Shape): string[] {
  if (codec.declarations)
    return Object.entries(codec.declarations).flatMap(([name, { codec: own }]) => (name === 'parms' && own.fields ? Object.keys(own.fields) : [name]));
  return codec.fields ? Object.keys(codec.fields) : codec.inner ? optionsOf(codec.inner) : [];
}

/** The whole page. */
export function kindsPage(): string {
  const seen = recorded();
  const where = (group: string, kind: string): string => {
    const key = `${group} ${kind}`, kernels = [...seen.get(key) ?? []].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    if (kernels.length > 0 && nowhere[key] !== undefined) throw new Error(`${key} is on a tape and is said to be on none`);
    return kernels.join(', ') || nowhere[key] || 'nowhere, and nobody knows why';
  };
  const table = (title: string, group: string, kinds: object): string => {
    const rows = Object.entries(kinds as { [kind: string]: Shape }).map(([kind, codec]) =>
      `| \`${kind}\` | ${optionsOf(codec).map((name) => `\`${name}\``).join(' ') || 'none'} | ${where(group, kind)} |`);
    return `## ${title}\n\n| Kind | Options | Recorded on Linux |\n|---|---|---|\n${rows.join('\n')}\n`;
  };
  return [
    '# Kinds\n\nWritten by `npm run operations` from the declarations; the second column is what lies on\nthe wire, in our words. A link, qdisc, filter or action of any other kind is read and\n'
      + 'written as well, its options by number or as bytes. The third column is the kernels whose answers lie in fixtures/,\n6.1 being 6.1.176 as Debian builds it to run as a process (user-mode-linux), 6.12 its 6.12.117 whole. `npm run test:kernels` boots Debian\'s 6.1 and 6.12 for the live tests.\n\n'
      + 'Options of a team are not rtnetlink: `teamd` sets them by generic netlink. A wireguard\'s keys and peers are generic netlink as well.\n'
      + 'A CAN controller is qemu\'s SJA1000. Virtual functions of a card (`vfinfoList`) are recorded too, of its 82576 with three; 128 of them are tested on a card that netdevsim simulates.\n'
      + 'The kinds amt, bareudp, rmnet and virt_wifi, which Debian builds into no kernel, are those of its 6.12, built by scripts/kernels/modules.sh.\n'
      + 'Without names for their options so far: the qdiscs choke, dualpi2, gred, sfb, skbprio and teql, the actions gate and ife.\n',
    table('Links', 'link', linkKinds), table('Ports of links', 'port', portKinds), table('Qdiscs', 'qdisc', qdiscKinds), table('Classes', 'class', classKinds),
    table('Filters', 'filter', filterKinds), table('Actions', 'action', actionKinds),
    table('What packets of a route are wrapped into', 'encap', encaps),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(top, 'docs/kinds.md'), kindsPage());
