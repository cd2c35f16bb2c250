import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Netfilter } from '../src/netfilter/client.ts';
import { netfilterSockets, openNetfilter } from '../src/netfilter/open.ts';
import { openRoute, routeSockets, type RouteClient } from '../src/open.ts';
import type { OpenTransport } from '../src/transport/transport.ts';

/** What a tape is recorded from. */
export interface Scenario {
  /** One sentence: what the tape shows. */
  readonly title: string;
  /** Commands before the recording, in a namespace with nothing but a loopback device that is down. */
  readonly setup: readonly string[];
  /** Records without privileges, as a plain user. */
  readonly plain?: true;
  /** Records on a host on which a docker daemon runs two containers, web and db; the port 80 of web is published. */
  readonly docker?: true;
  /** Records on this kernel of Debian's, which has what others lack; what wants 6.12 is not in its user-mode-linux. */
  readonly kernel?: '6.1' | '6.12';
  /** The namespace that is talked to, by name; `setup` makes it. */
  readonly netns?: string;
  /** Where the sockets come from when it is recorded. */
  live(netns: string | undefined): OpenTransport;
  /** Talks through `sockets`. It is recorded and replayed by this: whatever is not netlink belongs into `setup`. */
  run(sockets: OpenTransport): Promise<void>;
}

/** Scenarios by the name of their tape: `fixtures/link/NAME.tape` for those of `scenarios/link.ts`. */
export type Scenarios = { readonly [name: string]: Scenario };

/** Talks to NETLINK_ROUTE. */
export const scenario = (title: string, setup: readonly string[], talk: (nl: RouteClient) => unknown): Scenario => ({
  title, setup,
  live: (netns) => routeSockets({ netns }),
  async run(sockets) {
    using nl = openRoute({ transport: sockets });
    await talk(nl);
  },
});

/** Talks to NETLINK_NETFILTER. */
export const netfilterScenario = (title: string, setup: readonly string[], talk: (nl: Netfilter) => unknown): Scenario => ({
  title, setup,
  live: (netns) => netfilterSockets({ netns }),
  async run(sockets) {
    using nl = openNetfilter({ transport: sockets });
    await talk(nl);
  },
});

/** A refusal is what the tape is about. */
export async function refused(call: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(call, { code });
}

/**
 * The index of v0 after `upPair`: the loopback device is the first link of a namespace, the other end of a pair is made
 * before the pair. Scenarios that are not about names give it: a tape is shorter without the look-up.
 */
export const v0 = 3, v1 = 2;

/** A pair of links, v0 and v1, both up; they get no IPv6 addresses by themselves. */
export const upPair: readonly string[] = [
  'ip link add v0 address 02:00:00:00:00:0a type veth peer name v1 address 02:00:00:00:00:0b',
  'ip link set v0 addrgenmode none up', 'ip link set v1 addrgenmode none up',
];

/** The same, and v0 has an address of each family. */
export const upPairWithAddresses: readonly string[] = [
  ...upPair, 'ip address add 172.24.133.39/24 dev v0', 'ip address add fc00::39/64 dev v0 nodad',
];

/** All scenarios, by the path of their tape below fixtures/. */
export async function allScenarios(): Promise<Map<string, Scenario>> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'scenarios'), found = new Map<string, Scenario>();
  for (const file of readdirSync(folder).sort()) {
    const { scenarios } = await import(pathToFileURL(join(folder, file)).href) as { scenarios: Scenarios };
    for (const [name, scenario] of Object.entries(scenarios)) found.set(`${basename(file, '.ts')}/${name}.tape`, scenario);
  }
  return found;
}
