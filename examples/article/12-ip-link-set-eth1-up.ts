import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip link set eth1 up',
  place: 'container',
  run: async ({ container }) => {
    await container.link.change('eth1', { up: true });
  },
};
