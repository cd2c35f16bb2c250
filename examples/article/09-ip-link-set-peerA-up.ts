import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip link set peerA up',
  place: 'host',
  run: async ({ host }) => {
    await host.link.change('peerA', { up: true });
  },
};
