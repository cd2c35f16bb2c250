import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip link set dev peerB name eth1',
  place: 'container',
  run: async ({ container }) => {
    await container.link.rename('peerB', 'eth1');
  },
};
