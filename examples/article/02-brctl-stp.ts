import type { Step } from './step.ts';

export const step: Step = {
  command: 'brctl stp br0 off',
  place: 'host',
  run: async ({ host }) => {
    await host.link.change('br0', { kind: 'bridge', options: { stpState: 0 } });
  },
  note: 'A new bridge has STP off already. With it on, a port would say nothing for 30 seconds.',
};
