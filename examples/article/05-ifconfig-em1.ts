import type { Step } from './step.ts';

export const step: Step = {
  command: 'ifconfig em1 0.0.0.0',
  place: 'host',
  run: async ({ host }) => {
    await host.addr.flush('em1', { family: 'inet' });
  },
  note: 'With its last address went the routes over em1, the default route among them.',
};
