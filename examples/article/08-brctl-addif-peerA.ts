import type { Step } from './step.ts';

export const step: Step = {
  command: 'brctl addif br0 peerA',
  place: 'host',
  run: async ({ host }) => {
    await host.link.change('peerA', { master: 'br0' });
  },
};
