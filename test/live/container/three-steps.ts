import type { Host } from '../../../src/container/index.ts';
import { call, step, together } from '../../../src/container/plan/call.ts';
import { named } from '../../../src/container/plan/link-name.ts';
import { makePlan, type Plan } from '../../../src/container/plan/plan.ts';

const mac = '02:00:00:00:00:17';

/** A bridge, a setting, and two things of the bridge at once. */
export const three = [
  step(call('host', 'link.add', [{ name: 'br7', kind: 'bridge', address: mac }]), [call('host', 'link.remove', ['br7', mac])]),
  step(call('host', 'sysctl.set', ['net/ipv4/ip_forward', '1']), [call('host', 'sysctl.set', ['net/ipv4/ip_forward', '0'])]),
  together([
    call('host', 'link.change', [named('br7'), { up: true }]),
    call('host', 'addr.add', [named('br7'), '192.0.2.1/24']),
  ], [call('host', 'addr.delete', ['br7', '192.0.2.1/24'], ['ENODEV', 'EADDRNOTAVAIL'])]),
];

/** These, and `more` behind them. */
export const threeSteps = (host: Host, ...more: readonly ReturnType<typeof step>[]): Plan<string> => makePlan('three', async () => ({
  places: { host },
  steps: [...three, ...more],
  result: (values) => `${values.length} steps`,
  close() {},
}));
