import type { Step } from './step.ts';

export const step: Step = {
  command: 'brctl show',
  place: 'host',
  run: async ({ host }) => {
    const lines = ['bridge name\tbridge id\t\tSTP enabled\tinterfaces'];
    for (const bridge of await host.link.list({ kind: 'bridge' })) {
      if (bridge.kind !== 'bridge') continue;
      const ports = await host.link.list({ master: bridge });
      const { bridgeId, stpState } = bridge.options ?? {};
      const [first = '', ...others] = ports.map(({ name }) => name).sort();
      lines.push(`${bridge.name}\t\t${bridgeId}\t${stpState ? 'yes' : 'no'}\t\t${first}`);
      lines.push(...others.map((name) => `\t\t\t\t\t\t\t${name}`));
    }
    return lines;
  },
};
