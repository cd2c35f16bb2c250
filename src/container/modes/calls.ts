import { quote } from '../../bytes/shell.ts';
import type { Change } from '../../netfilter/change.ts';
import { nft } from '../../netfilter/command.ts';
import * as element from '../../netfilter/element/operations.ts';
import { TransactionError, type ConntrackFilter } from '../../netfilter/index.ts';
import { ContainerError } from '../errors.ts';
import type { OwnElement } from '../plan/own-arguments.ts';
import type { OwnCalls } from '../plan/own-call.ts';
import { readState } from './state.ts';
import { placed, sets, skeleton, table } from './table.ts';

/** Somebody else has the address by now: those who attach choose another. */
const taken = (address: string, cause: unknown): ContainerError =>
  new ContainerError('ERR_ADDRESS_TAKEN', `${address} has been given to another container`, { cause });

/** What plans of bridge mode do in the table, in words that the undo helper understands. */
export const modeCalls = {
  /** Makes a pair of links anew, one end on the host, the other in the container. */
  'veth.restore': {
    run: ({ ns }, [link, peer], { places }) => places.host.nl.link.add({ ...link, kind: 'veth', options: { peer: { ...peer, netns: ns } } }),
    command: (link, peer) => `ip link add name ${quote(link.name)} type veth peer name ${quote(peer.name)} netns CONTAINER`,
  },
  /** Makes the table, or makes sure of it. */
  'nat.prepare': {
    run: ({ nft }) => nft.transaction(skeleton()),
    command: () => `${nft(`add table ${table.family} ${table.name}`)} # with its sets, maps and rules`,
  },
  /** Deletes the table, unless somebody has a bridge in it. */
  'nat.remove': {
    async run({ nft }) {
      const state = await readState(nft);
      if (state && state.bridges.length === 0) await nft.transaction([table.remove()]);
    },
    command: () => nft(`delete table ${table.family} ${table.name}`),
  },
  /** Adds elements, all or none; fails with EEXIST where one is there. */
  'nat.add': {
    async run({ nft }, [elements]) {
      try {
        await nft.transaction(elements.map(added));
      } catch (error) { // nothing was changed, and a refusal by the kernel says so to the plan
        throw error instanceof TransactionError ? error.cause ?? error : error;
      }
    },
    command: (elements) => elements.map((one) => nft(`add element ${told(one)}`)).join('; '),
  },
  /** Takes an address for a container. */
  'nat.lease': {
    async run({ nft }, [lease]) {
      try {
        await nft.transaction([added(lease)]);
      } catch (error) {
        const { cause } = error as { cause?: { code?: string } };
        if (cause?.code === 'EEXIST') throw taken(lease.key, error);
        throw error;
      }
    },
    command: (lease) => nft(`create element ${told(lease)}`),
  },
  /** Deletes elements; those that are not there, or are somebody else's by now, are left out. */
  'nat.delete': {
    async run({ nft }, [elements]) {
      for (const one of elements) {
        try {
          const [found] = one.comment === undefined ? [] : await nft.element.get(placed(one.set), [keyOf(one)]);
          if (found?.userdata?.comment === one.comment) await nft.element.delete(placed(one.set), [keyOf(one)]);
        } catch (error) {
          if ((error as { code?: string }).code !== 'ENOENT') throw error;
        }
      }
    },
    command: (elements) => elements.map((one) => nft(`delete element ${told(one)}`)).join('; '),
  },
  /** Forgets connections that were made by other rules: their packets would go on as before. */
  'nat.forget': {
    async run({ nft, nl }, [connections]) {
      const own = new Set((await nl.addr.list()).map(({ address }) => address?.split('/')[0]));
      for (const { family, protocol, hostPort, address, port } of connections) {
        const filter: ConntrackFilter = hostPort === undefined ? { family, protocol, reply: { src: address, sport: port } } as ConntrackFilter
          : { family, protocol, orig: { dport: hostPort } };
        for (const one of await nft.conntrack.list(filter)) {
          const dst = one.orig?.dst;
          if (hostPort !== undefined && !(dst === undefined || own.has(dst) || dst.startsWith('127.'))) continue;
          await nft.conntrack.delete(one).catch((error: { code?: string }) => {
            if (error.code !== 'ENOENT') throw error;
          });
        }
      }
    },
    command: (connections) => connections.map(({ family, protocol, hostPort, address, port }) =>
      `conntrack -D -f ipv${family === 'ip' ? 4 : 6} -p ${protocol} ${hostPort === undefined ? `-r ${address} --reply-port-src ${port}` : `--orig-port-dst ${hostPort}`}`).join('; '),
  },
} satisfies Partial<OwnCalls>;

const added = (one: OwnElement): Change =>
  element.create(placed(one.set), [{
    key: keyOf(one),
    ...(one.data === undefined ? {} : { data: one.data }), ...(one.comment === undefined ? {} : { comment: one.comment }),
  }]);

const keyOf = ({ set, key }: OwnElement): string | string[] => (set === 'within' ? [key, key] : key);

function told({ set, key, data, comment }: OwnElement): string {
  const quoted = sets[set].keyType.startsWith('ifname') ? `"${key}"` : key, name = set === 'within' ? `${quoted} . ${quoted}` : quoted;
  return `${table.family} ${table.name} ${set} { ${name}${comment === undefined ? '' : ` comment "${comment}"`}${data === undefined ? '' : ` : ${data}`} }`;
}
