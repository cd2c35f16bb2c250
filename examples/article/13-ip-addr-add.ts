import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip addr add 172.24.133.253/24 dev eth1',
  place: 'container',
  run: async ({ container }) => {
    await container.addr.add('eth1', '172.24.133.253/24');
  },
};
