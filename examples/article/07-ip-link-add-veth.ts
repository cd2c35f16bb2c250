import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip link add peerA type veth peer name peerB',
  place: 'host',
  run: async ({ host }) => {
    await host.link.add({ name: 'peerA', kind: 'veth', options: { peer: { name: 'peerB' } } });
  },
  note: `Steps 7 to 11 fit in one message too: { name: 'peerA', kind: 'veth', master: 'br0', up: true, options: { peer:
{ name: 'eth1', netns: { pid } } } }. The other end is born in the container, under its final name, and no program on
the host that renames or sets up new links ever sees it.`,
};
