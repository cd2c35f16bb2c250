// timeout: 1800 s
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openHost } from '../../../src/container/index.ts';
import { unbridgeUplink } from '../../../src/engines/network/uplink.ts';
import { bundle } from '../../support/build.ts';
import { as, conf, lacksNat, left, linksOf, start, state, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { makeUplink } from '../../support/lan.ts';
import { skip } from '../../support/skip.ts';

const names = ['c1', 'c2'], nl = openRoute();
let program: string[], lan: netns.Namespace;

test.before(async () => {
  names.forEach((name) => netns.create(name));
  program = [process.execPath, join(bundle(), 'engines/bin.cjs')];
  lan = await makeUplink();
  await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
  for (const name of ['lent1', 'lent2']) await nl.link.add({ name, kind: 'veth', options: { peer: { name: `${name}p` } } });
});
test.after(() => {
  names.forEach((name) => netns.delete(name));
  lan.close();
  nl.close();
});

/** A call that is killed before it makes a system call for the nth time; false where it does not make it that often. */
async function killed(syscall: string, n: number, command: string, config: object, more: object = {}): Promise<boolean> {
  const calls = `/^${syscall}`; // renameat and unlinkat, where there are no others
  const strace = ['strace', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:signal=SIGKILL:when=${n}`];
  const { signal, code, value } = await start([...strace, ...program], command, config, more).ended;
  if (signal === 'SIGKILL') return true;
  assert.is(code, 0, JSON.stringify(value));
  return false;
}

/** Two containers of one network, for each mode: what comes to its own configuration. */
const ofLan = { parent: 'em1', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.101', gateway: '172.24.133.254' } };
const modes: Readonly<Record<string, readonly [object, object]>> = {
  bridge: [{ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }], bandwidth: { ingressRate: 1e9, egressRate: 1e9 } } },
    { runtimeConfig: { portMappings: [{ hostPort: 82, containerPort: 80 }] } }],
  ptp: [{ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }] } }, {}],
  macvlan: [ofLan, ofLan],
  ipvlan: [ofLan, ofLan],
  'host-device': [{ device: 'lent1' }, { device: 'lent2' }],
};
/** Where the devices are that host-device lends. */
const lent = (): string[] => nl.sync.link.list().map(({ name }) => name).filter((name) => /^lent[12]$/.test(name)).sort();

for (const [mode, [first, second]] of Object.entries(modes)) {
  const config = conf({ name: mode, mode, ...first }), other = conf({ name: mode, mode, ...second });
  const nothing = (what: string) => assert.equal([...left(), ...linksOf('c1'), ...linksOf('c2'), ...lent()], ['lent1', 'lent2'], what);
  const each = (name: string, work: () => Promise<void>) => test(`${mode}: ${name}`, async () => {
    const lacks = mode.endsWith('vlan') ? await nl.link.add({ name: 'try', kind: mode, link: 'em1' } as never).then(() => nl.link.delete('try'), ({ message }) => `the kernel has no ${mode}: ${message}`)
      : mode === 'host-device' ? undefined : await lacksNat();
    return lacks ? skip(lacks) : work();
  });

  /* What the kernel is told goes by `sendto`, what is written down by `rename`, what is given back by `unlink`. */
  for (const syscall of ['sendto', 'rename'])
    each(`ADD killed before each ${syscall}: DEL leaves nothing, another ADD succeeds and leaves nothing half made`, async () => {
      let n = 1;
      for (; ; n++) {
        const [one, two] = await Promise.all([killed(syscall, n, 'ADD', config), killed(syscall, n, 'ADD', other, as('c2'))]);
        if (one) await well('DEL', config);
        assert.equal(one ? linksOf('c1') : [], []);
        if (two) await well('CHECK', { ...other, prevResult: await well('ADD', other, as('c2')) }, as('c2'));
        if (!one) await well('DEL', config);
        await well('DEL', other, as('c2'));
        nothing(`${syscall} ${n}`);
        if (!one && !two) break;
      }
      const least = syscall !== 'sendto' ? 3 : mode === 'host-device' ? 7 : 8; // what is lent is not made
      assert.ok(n > least, `killed ${n - 1} times`);
    });

  for (const syscall of ['sendto', 'unlink'])
    each(`DEL killed before each ${syscall}: another takes the rest`, async () => {
      let n = 1;
      for (let more = true; more; n++) {
        await well('ADD', config);
        more = await killed(syscall, n, 'DEL', config);
        await well('DEL', config);
        nothing(`${syscall} ${n}`);
      }
      assert.ok(n > 3, `killed ${n - 2} times`);
    });
}

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

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
