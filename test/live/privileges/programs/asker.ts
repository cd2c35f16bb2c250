/** Asks and changes what its arguments name, and tells what became of it. The descriptor 3 is a namespace of others. */
import * as netns from '../../../../src/netns/index.ts';
import { openRoute } from '../../../../src/open.ts';

const nl = openRoute(), others = { fd: 3 } as const;
const calls: { readonly [name: string]: () => unknown } = {
  list: () => nl.link.list(),
  add: () => nl.link.add({ name: 'ask0', kind: 'ifb' }),
  batch: () => nl.batch((b) => b.link.add({ name: 'ask0', kind: 'ifb' })),
  async move() {
    await nl.link.add({ name: 'ask1', kind: 'ifb' });
    await nl.link.move('ask1', others);
  },
  peer: () => nl.link.add({ name: 'ask2', kind: 'veth', options: { peer: { name: 'ask3', netns: others } } }),
  async look() {
    await nl.nsid.set(others, 77);
    await nl.link.list({ nsid: 77 });
  },
  enter: () => openRoute({ netns: others }).close(),
  create: () => netns.create('asked'),
};

const told: { [name: string]: { code: string; hint?: string | undefined } } = {};
for (const name of process.argv.slice(2)) {
  try {
    await calls[name]!();
    told[name] = { code: 'none' };
  } catch (error) {
    const { code, hint, cause, failures } = error as { code: string; hint?: string; cause?: { hint?: string }; failures?: { error: { code: string; hint?: string } }[] };
    told[name] = failures ? { code: failures[0]!.error.code, hint: failures[0]!.error.hint } : { code, hint: hint ?? cause?.hint };
  }
}
nl.close();
process.stdout.write(JSON.stringify(told));
