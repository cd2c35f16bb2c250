import type { Step } from './step.ts';

export const step: Step = {
  command: 'route add default gw 172.24.133.254 dev br0',
  place: 'host',
  run: async ({ host }) => {
    await host.route.add({ dst: 'default', gateway: '172.24.133.254', dev: 'br0' });
  },
};
