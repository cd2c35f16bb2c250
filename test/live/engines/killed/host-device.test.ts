// timeout: 900 s
import { test } from 'uvu';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killEach, nl } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

const names = ['lent1', 'lent2'];

beforeKilling();
test.before(async () => {
  for (const name of names) await nl.link.add({ name, kind: 'veth', options: { peer: { name: `${name}p` } } });
});
killEach('host-device', { device: 'lent1' }, { device: 'lent2' }, {
  stays: () => nl.sync.link.list().map(({ name }) => name).filter((name) => names.includes(name)).sort(),
  least: 7, // what is lent is not made
});

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
