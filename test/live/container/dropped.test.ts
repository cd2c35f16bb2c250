// timeout: 600 s
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modes, openHost } from '../../../src/container/index.ts';
import { absent, installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { refusal, sh } from '../../support/witness.ts';
import { killedWhen } from './killed.ts';
import { end, get, inside, outside, serve, space } from './outside.ts';

/* Rules of others that drop what a container sends or is sent: a container is never left unreachable without a word. */
const host = openHost(), client = outside(), container = space(), unguarded = { guard: false };
sh('ip', 'route add default via 192.168.50.2');
sh('ip', '-6 route add default via fd50::2');
const options = { container: { ns: container }, bridge: 'nl0', subnet: '172.30.0.0/16', ipv6: { subnet: 'fd30::/64' }, publish: [{ hostPort: 8080, port: 80 }] };
const attach = (more: object = {}) => modes.bridge.attach(host, { ...options, ...more }).apply(unguarded);
const detach = () => modes.bridge.detach(host, { container: options.container }).apply(unguarded);
const state = () => `${sh('ip', '-br link').replaceAll(/UNKNOWN|UP/g, '')}${sh('nft', '-s list ruleset')}`;
const nft = (text: string) => {
  const { status, stderr } = spawnSync('nft', ['-f', '-'], { input: text, encoding: 'utf8' });
  assert.is(status, 0, stderr);
};
/** From the container to outside, and from outside to its published port. */
const reached = () => [get(container, '192.168.50.2', 80), get(container, 'fd50::2', 80), get(client, '192.168.50.1', 8080), get(client, 'fd50::1', 8080)];
const all = ['outside', 'outside', 'inside', 'inside'];

test.before(async () => {
  // the other end counts what should never arrive
  inside(client, 'nft', ['table inet seen { chain in { type filter hook prerouting priority 0; udp dport 9 counter; }; }'].map((text) => `add ${text}`));
  await serve(client, 'outside');
  await serve(container, 'inside');
});
test.after(() => {
  end();
  host.close();
});
/** A test with rules of somebody else, which are as they were at its end. */
const amid = (name: string, rules: string, work: () => Promise<void>) => test(name, async () => {
  nft(`flush ruleset\n${rules}`);
  const before = state();
  await work();
  assert.is(state(), before);
});
amid('a policy', 'table inet wall { chain f { type filter hook forward priority 0; policy drop; }; }', async () => {
  const error = await refusal(attach());
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  assert.match(error.message, 'what goes from nl0 is dropped by the policy of the chain inet wall f; what goes to nl0 is dropped by the policy');
  assert.match(error.message, 'Missing: nft \'insert rule inet wall f iifname "nl0" accept\'; nft \'insert rule inet wall f oifname "nl0" accept\'.');
  await attach({ whenDropped: 'accept' });
  assert.equal(reached(), all);
  assert.equal(await modes.bridge.attach(host, options).plan(), [], 'a second time nothing is to be done, whoever accepts it');
  const gone = await detach();
  await gone.undo();
  assert.equal(reached(), all);
  await detach();
});

amid('what the error says is missing is what is missing', 'table ip wall { chain f { type filter hook forward priority 0; policy drop; }; }', async () => {
  const { message } = await refusal(attach());
  for (const command of /Missing: (.*)\. Give/.exec(message)![1]!.split('; ')) assert.is(spawnSync('sh', ['-c', command]).status, 0, command);
  await attach();
  assert.equal(reached(), all);
  await detach();
  nft('flush chain ip wall f');
});

amid('a rule, before the chain that docker keeps for others: there it would be of no use', `
table ip filter { chain DOCKER-USER { }; chain FORWARD { type filter hook forward priority 0; counter drop; jump DOCKER-USER; }; }`, async () => {
  const { code, message } = await refusal(attach());
  assert.is(code, 'ERR_FORWARD_DROPPED');
  assert.match(message, /dropped by the rule with handle \d+ of the chain ip filter FORWARD; .*insert rule ip filter FORWARD/);
  await attach({ whenDropped: 'accept' });
  assert.match(sh('nft', 'list chain ip filter DOCKER-USER'), /DOCKER-USER \{\s*\}/);
  assert.equal(reached(), all);
  await detach();
});

amid('docker\'s chain for others, where it is of use', `
table ip filter { chain DOCKER-USER { return; }; chain FORWARD { type filter hook forward priority 0; policy drop; jump DOCKER-USER; }; }`, async () => {
  assert.match((await refusal(attach())).message, 'nft \'insert rule ip filter DOCKER-USER iifname "nl0" accept\'');
  await attach({ whenDropped: 'accept' });
  assert.match(sh('nft', 'list chain ip filter DOCKER-USER'), 'iifname "nl0"');
  assert.equal(reached(), all);
  await detach();
});

amid('answers alone are dropped', 'table ip wall { chain f { type filter hook forward priority 0; ct state new accept; oifname "nl0" drop; }; }', async () => {
  assert.match((await refusal(attach())).message, 'what goes to nl0 is dropped by the rule');
});

const bySet = 'table ip wall { set s { type ipv4_addr; flags interval; elements = { 172.16.0.0/12 }; }; chain f { type filter hook forward priority 0; ip saddr @s drop; }; }';
amid('what can only be tried: it depends on more than rules tell beforehand', bySet, async () => {
  const error = await refusal(attach());
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  assert.match(error.message, /what 172\.30\.0\.2 sends to 192\.168\.50\.2 is dropped on its way .*These chains may drop it: ip wall f\..*everything was undone/);
  await attach({ whenDropped: 'ignore' });
  assert.equal([reached()[1], reached()[3]], ['outside', 'inside']);
  assert.match(reached()[0]!, /^no: /);
  await detach();
});

amid('killed in the midst of a trial, nothing is left of it', bySet, () =>
  killedWhen(() => /netlink-ts-probe/.test(sh('nft', 'list tables')), 'modes.bridge.attach', { ...options, container: { path: `/proc/${process.pid}/fd/${container.fd}` } }));

test('rules of legacy iptables, which netlink does not show', async () => {
  if (!installed('iptables-legacy')) return skip('iptables-legacy is not installed');
  nft('flush ruleset');
  const legacy = (line: string) => spawnSync('iptables-legacy', line.split(' '), { encoding: 'utf8' });
  const { status, stderr } = legacy('-A FORWARD -j DROP');
  if (status !== 0) return skip(`there is no legacy iptables here: ${stderr.trim().split('\n')[0]}`);
  const before = state();
  const error = await refusal(attach());
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  assert.match(error.message, 'look at legacy iptables (iptables-legacy -S FORWARD)');
  assert.is(state(), before);
  legacy('-I FORWARD -i nl0 -j ACCEPT');
  legacy('-I FORWARD -o nl0 -j ACCEPT');
  await attach();
  assert.equal(reached(), all);
  await detach();
  legacy('-F FORWARD');
});

test('nothing that was tried has left the host', () => {
  assert.match(inside(client, 'nft', 'list ruleset'), /udp dport 9 counter packets 0 /);
});

const reason = absent('nft', 'busybox', 'ip', 'ss');
if (reason === undefined) test.run();
else skip(reason);
