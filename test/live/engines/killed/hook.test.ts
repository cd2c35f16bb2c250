// timeout: 900 s
import { test } from 'uvu';
import { netns } from '../../../../src/index.ts';
import { pool } from '../../../support/cni.ts';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killBoth } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

let container: ReturnType<typeof netns.spawn>;

beforeKilling();
test.before(() => void (container = netns.spawn('c1', 'sleep', ['1000'])));
test.after(() => void container.kill());
killBoth(['hook', 'createRuntime'], ['hook', 'poststop'], () => ({ ociVersion: '1.0.2', id: 'c1', pid: container.pid, annotations: {
  'netlink-ts.network': JSON.stringify({ name: 'web', bridge: 'nt0', ipam: pool }), 'netlink-ts.ports': '81:80',
} }));

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
