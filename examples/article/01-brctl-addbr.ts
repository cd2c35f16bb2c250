import type { Step } from './step.ts';

export const step: Step = {
  command: 'brctl addbr br0',
  place: 'host',
  run: async ({ host }) => {
    await host.link.add({ name: 'br0', kind: 'bridge' });
  },
  note: `Outside an article, do steps 1 to 3 in one message: give link.add the options, up, and em1's address as well.
Made without an address, br0 takes the lowest MAC address among its ports and changes it when ports come and go; what
the LAN remembers of the host is wrong then. Made with em1's, it keeps that.`,
};
