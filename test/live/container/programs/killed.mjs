/**
 * Applies a plan and kills itself at a moment: killed.mjs DIST MOMENT JOURNAL PLAN [ARGUMENTS]. DIST is the compiled
 * package, MOMENT is `0 begun`, `0 done`, ...; with `none` it comes to its end and says how many steps there were.
 */
import { join } from 'node:path';

const [dist, moment, journal, plan, args] = process.argv.slice(2);
const load = (file) => import(join(dist, file));
const { openHost, lan } = await load('container/index.js');
const { makePlan } = await load('container/plan/plan.js');
const { call, step, together } = await load('container/plan/call.js');
const { named } = await load('container/plan/link-name.js');

const mac = '02:00:00:00:00:17';
/** As in three-steps.ts. */
const three = (host) => makePlan('three', async () => ({
  places: { host },
  steps: [
    step(call('host', 'link.add', [{ name: 'br7', kind: 'bridge', address: mac }]), [call('host', 'link.remove', ['br7', mac])]),
    step(call('host', 'sysctl.set', ['net/ipv4/ip_forward', '1']), [call('host', 'sysctl.set', ['net/ipv4/ip_forward', '0'])]),
    together([
      call('host', 'link.change', [named('br7'), { up: true }]),
      call('host', 'addr.add', [named('br7'), '192.0.2.1/24']),
    ], [call('host', 'addr.delete', ['br7', '192.0.2.1/24'], ['ENODEV', 'EADDRNOTAVAIL'])]),
  ],
  result: () => {},
  close() {},
}));

const plans = { three, ...lan };
const host = openHost();
let steps = 0;
await plans[plan](host, JSON.parse(args ?? '{}')).apply({
  journal,
  progress: (step, state) => {
    if (`${step} ${state}` === moment) process.kill(process.pid, 'SIGKILL');
    steps = step + 1;
  },
});
host.close();
console.log(steps);
