import type { Step } from './step.ts';

export const step: Step = {
  command: 'ifconfig br0 172.24.133.39/24 up',
  place: 'host',
  run: async ({ host }) => {
    await host.batch((batch) => [
      batch.addr.add('br0', { address: '172.24.133.39/24', broadcast: 'auto' }),
      batch.link.change('br0', { up: true }),
    ]);
  },
  note: 'ifconfig asks for the two things one after the other; here they travel in one datagram.',
};
