import type { Step } from './step.ts';

export const step: Step = {
  command: 'brctl addif br0 em1',
  place: 'host',
  run: async ({ host }) => {
    await host.link.change('em1', { master: 'br0' });
  },
  note: `From here to the next step the host reaches only whom it knows: it asks for others by em1, and the answers come in by
br0. Whoever is logged in over em1 should have the next two steps come by themselves.`,
};
