import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openNetfilter, ownTable, rule } from '../../../src/netfilter/index.ts';
import { ask, conf, lacksNat, left, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { makeUplink } from '../../support/lan.ts';
import { skip } from '../../support/skip.ts';

const nl = openRoute(), nft = openNetfilter();
let lan: netns.Namespace;

test.before(async () => {
  netns.create('c1');
  lan = await makeUplink();
  using there = openRoute({ netns: lan });
  await there.route.add({ dst: '10.88.0.0/24', gateway: '172.24.133.100' });
});
test.after(() => {
  netns.delete('c1');
  lan.close();
  nl.close();
  nft.close();
});

const reached = (address: string): boolean => netns.spawnSync(lan, 'ping', ['-c1', '-W2', address]).status === 0;
const accepted = (): number => nft.sync.rule.list().filter(({ userdata }) => userdata?.comment?.startsWith('netlink-ts ')).length;

test('mode bridge: what docker\'s own rule drops, not a policy, is accepted in its chain for others, and is no more in the end', async () => {
  const docker = ownTable('filter', 'ip');
  nft.sync.transaction([
    docker.add(), docker.chain({ name: 'DOCKER-USER' }), docker.chain({ name: 'FORWARD', type: 'filter', hook: 'forward', priority: 'filter' }),
    docker.rule('FORWARD', rule().jump('DOCKER-USER')), docker.rule('FORWARD', rule().drop()),
  ]);
  await well('ADD', conf());
  assert.ok(accepted() > 0);
  assert.ok(reached('10.88.0.2'));
  await well('DEL', conf());
  assert.is(accepted(), 0);
  assert.equal(left(), []);
  nft.sync.transaction([docker.remove()]);
});

test('mode lan: frames that a rule of a bridge\'s table drops, not a policy, are accepted', async () => {
  const foe = ownTable('foe', 'bridge'), config = conf({ mode: 'lan', bridge: 'br0', parent: 'em1', probe: false, ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.50', gateway: '172.24.133.254' } });
  nft.sync.transaction([foe.add(), foe.chain({ name: 'forward', type: 'filter', hook: 'forward', priority: 'filter' }), foe.rule('forward', rule().drop())]);
  const { code, value } = await ask('ADD', config), lacks = /EOPNOTSUPP/.test(value.msg);
  if (!lacks) {
    assert.is(code, 0, JSON.stringify(value));
    assert.ok(reached('172.24.133.50'));
    await well('DEL', config);
  }
  nft.sync.transaction([foe.remove()]);
  assert.equal(left(), []);
  if (lacks) skip('this kernel\'s nf_tables cannot tell bridges by name');
});

const reason = noContainers('ping') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
