import type { Step } from './step.ts';

export const step: Step = {
  command: 'route add default gw 172.24.133.254 dev eth1',
  place: 'container',
  run: async ({ container }) => {
    await container.route.add({ dst: 'default', gateway: '172.24.133.254', dev: 'eth1' });
  },
};
