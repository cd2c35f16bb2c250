// timeout: 600 s
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lan, openHost } from '../../../src/container/index.ts';
import { netns } from '../../../src/index.ts';
import { eventually, json, refusal, sh } from '../../support/witness.ts';
import { killedBehindEach } from './killed.ts';
import { everything, furnish, plugIn } from './lan-plug.ts';

const host = openHost(), world = await plugIn(host.nl);
sh('ip', 'link add em2 type veth peer name em3');
for (const end of ['em2', 'em3']) sh('ip', `link set ${end} addrgenmode none`);
sh('ip', 'link set em2 up');
sh('ip', 'link set em3 up');
const linkLocal = () => json('ip', '-6 address show dev em1 scope link').flatMap(({ addr_info }) => addr_info);
await eventually(() => linkLocal().some((addr) => !addr.tentative));
furnish();
const before = everything();
const asBefore = () => assert.equal(everything(), before);
const options = { uplink: 'em1', bridge: 'br0' };

test.after(() => {
  host.close();
  world.close();
});

const ping = (...args: string[]) => spawnSync('ping', ['-c', '1', '-W', '5', ...args], { encoding: 'utf8' });
/** What `ip` says of one link's addresses, its name left out. */
const addressesOf = (dev: string) => JSON.parse(JSON.stringify(
  json('ip', `address show dev ${dev}`)[0].addr_info, (key, value) => (/_life_time$/.test(key) ? value > 0xfffffff : value)).replaceAll(dev, 'DEV'));
const routesOf = (dev: string) => JSON.parse(JSON.stringify(
  ['-4', '-6'].flatMap((family) => json('ip', `${family} route show table all`)).filter((route) => JSON.stringify(route).includes(`"${dev}"`) && route.type !== 'multicast'),
  (key, value) => (key === 'expires' ? true : value)).replaceAll(`"${dev}"`, '"DEV"'));

test('a plan of the whole, in commands', async () => {
  const steps = await lan.bridge(host, options).plan();
  assert.match(steps[0]!.command, /^ip link add name br0 (mtu 1500 )?address 02:00:00:00:00:e1 .*type bridge .*stp_state 0/);
  assert.ok(steps.some(({ command }) => command === 'ip link set dev em1 master br0'));
  assert.ok(steps.some(({ command }) => command === 'ip route replace default via 192.0.2.254 dev br0 table main metric 100'));
  asBefore();
});

test('all of it moves to the bridge, and comes back as it was', async () => {
  const addresses = addressesOf('em1'), routes = routesOf('em1');
  assert.ok(ping('192.0.2.254').status === 0 && ping('2001:db8::fe').status === 0);
  const { result } = await lan.bridge(host, options).apply();
  assert.is(result.addresses.length, addresses.length);
  assert.equal(addressesOf('em1'), []);
  assert.equal(addressesOf('br0'), addresses);
  assert.equal(routesOf('br0'), routes);
  const [br0] = json('ip', 'link show dev br0');
  assert.is(br0.address, '02:00:00:00:00:e1');
  assert.is(br0.linkinfo.info_data.stp_state, 0);
  assert.is(json('ip', 'link show dev em1')[0].master, 'br0');
  assert.is(ping('192.0.2.254').status, 0);
  assert.is(ping('2001:db8::fe').status, 0);
  assert.equal(await lan.bridge(host, options).plan(), [], 'there is nothing more to do');
  await lan.unbridge(host, { bridge: 'br0' }).apply();
  asBefore();
  assert.is(ping('192.0.2.254').status, 0);
});

test('nearly every ping is answered while all of it moves, there and back', async () => {
  const count = 2000;
  const pings = async (address: string, work: () => Promise<unknown>): Promise<number> => {
    const child = netns.spawn(world.ns, 'ping', ['-i', '0.002', '-c', String(count), '-W', '2', address]);
    let said = '';
    const answered = new Promise<void>((resolve) => child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes('bytes from')) resolve();
    }));
    const closed = once(child, 'close');
    await answered;
    await work();
    await closed;
    return Number(/(\d+) received/.exec(said)![1]);
  };
  for (const address of ['192.0.2.39', '2001:db8::39']) {
    const there = await pings(address, () => lan.bridge(host, options).apply({ guard: false }));
    const back = await pings(address, () => lan.unbridge(host, { bridge: 'br0' }).apply({ guard: false }));
    assert.ok(Math.min(there, back) > 0.9 * count, `${address}: of ${count} pings, ${there} and ${back} were answered`);
  }
  asBefore();
});

test('undo of both is the other', async () => {
  const there = await lan.bridge(host, options).apply({ guard: false });
  const bridged = everything();
  const back = await lan.unbridge(host, { bridge: 'br0' }).apply({ guard: false });
  asBefore();
  await back.undo();
  const again = everything();
  const index = (state: object) => JSON.parse(JSON.stringify(state, (key, value) => (/^(ifindex|netns-?immutable)$/.test(key) ? undefined : value)));
  assert.equal(index(again), index(bridged));
  await there.undo();
  asBefore();
});

test('what is refused changes nothing', async () => {
  sh('ip', 'link add br0 type bridge');
  assert.is((await refusal(lan.bridge(host, options).apply())).code, 'EEXIST');
  sh('ip', 'link set em2 master br0');
  assert.is((await refusal(lan.bridge(host, { uplink: 'em2', bridge: 'br1' }).apply())).code, 'EBUSY');
  sh('ip', 'link set em3 master br0');
  assert.is((await refusal(lan.unbridge(host, { bridge: 'br0', uplink: 'em2' }).apply())).code, 'ERR_IN_USE');
  for (const line of ['link set em2 nomaster', 'link set em3 nomaster', 'link delete br0']) sh('ip', line);
  asBefore();
});

for (const [plan, args, state] of [['bridge', options, asBefore], ['unbridge', { bridge: 'br0' }, undefined]] as const) {
  test(`${plan}: killed behind any step, and everything comes back`, async () => {
    if (plan === 'unbridge') await lan.bridge(host, options).apply({ guard: false });
    const without = (value: object) => JSON.parse(JSON.stringify(value, (key, inner) => (key === 'ifindex' ? undefined : inner)));
    const start = without(everything());
    const steps = await killedBehindEach(`lan.${plan}`, args, (step) => {
      assert.equal(without(everything()), start, `${plan} killed behind step ${step}`);
      assert.is(ping('192.0.2.254').status, 0);
    });
    assert.ok(steps > 3, String(steps));
    if (plan === 'bridge') await lan.unbridge(host, { bridge: 'br0' }).apply({ guard: false });
    else assert.equal(json('ip', 'link show').some(({ ifname }) => ifname === 'br0'), false);
    state?.();
  });
}

test.run();
