import type { Step } from './step.ts';

export const step: Step = {
  command: 'ip link set peerB netns ${container-pid}',
  place: 'host',
  run: async ({ host, pid }) => {
    await host.link.change('peerB', { netns: { pid } });
  },
  note: 'What is sent is a descriptor of the namespace, not the number of a process, which may be another one by then.',
};
