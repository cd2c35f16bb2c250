// timeout: 900 s
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openHost } from '../../../src/container/index.ts';
import { unbridgeUplink } from '../../../src/engines/network/uplink.ts';
import { bundle } from '../../support/build.ts';
import { as, conf, left, linksOf, makeLan, start, state, well } from '../../support/cni.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const names = ['c1', 'c2'], nl = openRoute();
let program: string[], lan: netns.Namespace;

test.before(async () => {
  names.forEach((name) => netns.create(name));
  program = [process.execPath, join(bundle(), 'engines/bin.cjs')];
  lan = await makeLan();
  await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
});
test.after(() => {
  names.forEach((name) => netns.delete(name));
  lan.close();
  nl.close();
});

/** A call that is killed before it makes a system call for the nth time; false where it does not make it that often. */
async function killed(syscall: string, n: number, command: string, config: object, more: object = {}): Promise<boolean> {
  const strace = ['strace', '-qq', '-o', '/dev/null', '-e', `trace=${syscall}`, '-e', `inject=${syscall}:signal=SIGKILL:when=${n}`];
  const { signal, code, value } = await start([...strace, ...program], command, config, more).ended;
  if (signal === 'SIGKILL') return true;
  assert.is(code, 0, JSON.stringify(value));
  return false;
}

const config = conf({ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }], bandwidth: { ingressRate: 1e9, egressRate: 1e9 } } });
const other = conf({ runtimeConfig: { portMappings: [{ hostPort: 82, containerPort: 80 }] } });

/** What the kernel is told goes by `sendto`, what is written down by `rename`. */
for (const syscall of ['sendto', 'rename']) {
  test(`ADD killed before each ${syscall}: DEL leaves nothing, another ADD succeeds and leaves nothing half made`, async () => {
    let n = 1;
    for (; ; n++) {
      const [first, second] = await Promise.all([killed(syscall, n, 'ADD', config), killed(syscall, n, 'ADD', other, as('c2'))]);
      if (first) await well('DEL', config);
      assert.equal(first ? linksOf('c1') : [], []);
      if (second) await well('CHECK', { ...other, prevResult: await well('ADD', other, as('c2')) }, as('c2'));
      if (!first) await well('DEL', config);
      await well('DEL', other, as('c2'));
      assert.equal(left(), [], `${syscall} ${n}`);
      assert.equal([...linksOf('c1'), ...linksOf('c2')], [], `${syscall} ${n}`);
      if (!first && !second) break;
    }
    assert.ok(n > (syscall === 'sendto' ? 10 : 3), `killed ${n - 1} times`);
  });
}

test('DEL killed before each sendto: another takes the rest', async () => {
  for (let n = 1, more = true; more; n++) {
    await well('ADD', config);
    more = await killed('sendto', n, 'DEL', config);
    await well('DEL', config);
    assert.equal([...left(), ...linksOf('c1')], [], `sendto ${n}`);
  }
});

test('the move of the uplink\'s address killed before each sendto: whatever is called next brings the address back', async () => {
  const onLan = conf({ mode: 'lan', bridge: 'br0', parent: 'em1', probe: false, ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.50', gateway: '172.24.133.254' } });
  const has = (name: string): boolean => nl.sync.link.list().some((link) => link.name === name) &&
    nl.sync.addr.list({ dev: name }).some(({ address }) => address === '172.24.133.100/24');
  for (let n = 1, more = true; more; n++) {
    more = await killed('sendto', n, 'ADD', onLan);
    if (more) await well('STATUS', onLan);
    const [dev, not] = has('br0') ? ['br0', 'em1'] : ['em1', 'br0'];
    assert.ok(has(dev) && !has(not), `sendto ${n}: ${dev}`);
    assert.equal(nl.sync.route.list({ dst: 'default' }).map(({ gateway, oif }) => [gateway, oif]), [['172.24.133.254', nl.sync.link.get(dev).index]]);
    if (more) await well('ADD', onLan);
    assert.ok(has('br0'));
    await well('DEL', onLan);
    using host = openHost();
    await unbridgeUplink(host, 'br0', state);
    assert.ok(has('em1'));
    assert.equal([...left(), ...linksOf('c1')], []);
  }
});

if (process.env.NETLINK_SANDBOX !== 'root') skip('namespaces of containers and /proc/sys need the machine\'s root here');
else if (!installed('strace')) skip('strace is not installed');
else test.run();
