/** Opens and closes ten thousand connections, with errors in the middle; tells how many descriptors are left over. */
import { readdirSync } from 'node:fs';
import { openRoute } from '../../../../src/open.ts';

let before = 0;
const fds = (): number => readdirSync('/proc/self/fd').length;
const codes = new Set<string>();
for (let i = 0; i < 10_000; i++) {
  const nl = openRoute({ timeout: 5000 }), told = (error: { code: string }): void => void codes.add(error.code);
  if (i % 3 === 0) await nl.link.get('no-such-link').catch(told);
  if (i % 3 === 1) {
    const waiting = nl.with({ gentle: true }).route.list();
    nl.close();
    await waiting.catch(told);
  }
  if (i % 30 === 2) {
    const events = nl.events(['link']);
    const next = events.next();
    events.close();
    await next;
    try {
      openRoute({ netns: 'no-such-namespace' });
    } catch (error) {
      told(error as { code: string });
    }
  }
  nl.close();
  if (i === 100) before = fds();
}
console.log(JSON.stringify({ more: fds() - before, codes: [...codes].sort() }));
