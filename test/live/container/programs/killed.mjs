/**
 * Applies a plan and kills itself at a moment: killed.mjs DIST MOMENT JOURNAL PLAN ARGUMENTS. DIST is the compiled
 * package, MOMENT is `0 begun`, `0 done`, ...; one that does not come lets it come to its end. PLAN is `lan.attach`,
 * `modes.bridge.detach`, ..., or `steps`, whose arguments are the steps themselves.
 */
import { join } from 'node:path';

const [dist, moment, journal, plan, args] = process.argv.slice(2);
const load = (file) => import(join(dist, file));
const { openHost, lan, modes } = await load('container/index.js');
const { makePlan } = await load('container/plan/plan.js');

const steps = (host, list) => makePlan('steps', async () => ({ places: { host }, steps: list, result() {}, close() {} }));
const make = plan.split('.').reduce((group, name) => group[name], { lan, modes, steps });
const host = openHost();
await make(host, JSON.parse(args)).apply({
  journal,
  progress: (step, state) => {
    if (`${step} ${state}` === moment) process.kill(process.pid, 'SIGKILL');
  },
});
host.close();
