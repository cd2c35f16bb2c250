import { acceptedSteps, bridged, bridgedComment, routed, routedComment, shownToIp, withoutAccepted } from '../../container/forward/accept.ts';
import type { Host } from '../../container/host.ts';
import type { Step } from '../../container/plan/call.ts';
import { runStep } from '../../container/plan/run.ts';
import { join } from 'node:path';
import { alone } from '../pool/lock.ts';

const run = async (host: Host, steps: readonly Step[]): Promise<void> => {
  for (const step of steps) await runStep(step, { host }, { timeout: 10_000 });
};

/**
 * Docker lets nothing be forwarded but what its own rules accept, bridged frames too where br_netfilter is loaded: what
 * a link's packets need is accepted in docker's chain for the rules of others. A chain that drops and has none beside
 * it is left to whoever made it.
 */
export async function letThrough(host: Host, link: string, state: string, how: 'routed' | 'bridged'): Promise<void> {
  const shown = shownToIp(host), needed = how === 'bridged' ? bridged(link, shown)
    : routed(link, { uplink: undefined, families: ['ip', 'ip6'], published: true, shown });
  const steps = (): Promise<Step[]> => acceptedSteps(host, needed, { forUsersAlone: how === 'routed' });
  if ((await steps()).length > 0) await alone(join(state, 'accepting.lock'), async () => run(host, await steps()));
}

/** Takes that back. */
export async function letThroughNoMore(host: Host, link: string): Promise<void> {
  await run(host, [...await withoutAccepted(host, routedComment(link)), ...await withoutAccepted(host, bridgedComment(link))]);
}
