// timeout: 180 s
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openNetfilter, ownTable, rule } from '../../../src/netfilter/index.ts';

/*
 * client 192.168.50.2 -- 192.168.50.1 this namespace, a router 10.50.0.1 -- 10.50.0.2 server; the same with fd50:: and
 * fd10::
 */
const echo = [fileURLToPath(new URL('echo.ts', import.meta.url))];
const own = ownTable('netlink-ts', 'inet');
const nl = openNetfilter(), here = openRoute();
const client = netns.make(), server = netns.make();
const children: ReturnType<typeof netns.spawn>[] = [];

/** What a connection from a namespace is answered. */
const ask = (from: typeof client | undefined, address: string, port: number): string => {
  const args = ['--import', 'tsx', ...echo, 'ask', address, String(port)];
  const { stdout } = from ? netns.spawnSync(from, process.execPath, args) : spawnSync(process.execPath, args);
  return String(stdout).trim();
};

test.before(async () => {
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  writeFileSync('/proc/sys/net/ipv6/conf/all/forwarding', '1');
  await here.link.change('lo', { up: true });
  for (const [name, ns, v4, v6] of [['client', client, '192.168.50', 'fd50'],
    ['server', server, '10.50.0', 'fd10']] as const) {
    await here.link.add({ name, kind: 'veth', up: true,
      options: { peer: { name: 'eth0', netns: { fd: ns.fd } } } } as never);
    await here.addr.add(name, `${v4}.1/24`);
    await here.addr.add(name, { address: `${v6}::1/64`, flags: { nodad: true } } as never);
    using inside = openRoute({ netns: ns });
    await inside.link.change('lo', { up: true });
    await inside.link.change('eth0', { up: true });
    await inside.addr.add('eth0', `${v4}.2/24`);
    await inside.addr.add('eth0', { address: `${v6}::2/64`, flags: { nodad: true } } as never);
    // the server knows no way back to the client: only masqueraded connections come through
    if (name === 'client') {
      await inside.route.add({ dst: 'default', gateway: `${v4}.1` });
      await inside.route.add({ dst: 'default', gateway: `${v6}::1`, family: 'inet6' } as never);
    }
  }
  const child = netns.spawn(server, process.execPath, ['--import', 'tsx', ...echo, 'serve', '80']);
  children.push(child);
  await once(child.stdout!, 'data');
});
test.after(async () => {
  for (const child of children) child.kill();
  client.close();
  server.close();
  nl.close();
  here.close();
});

test('without rules nothing is published and nothing comes back', () => {
  assert.is(ask(undefined, '10.50.0.2', 80), 'hello 10.50.0.1');
  assert.match(ask(client, '192.168.50.1', 8080), 'no: ECONNREFUSED');
  assert.match(ask(client, '10.50.0.2', 80), /^no: /);
});

test('a published port, from outside, from this machine and from the server itself, and masquerading', async () => {
  const publish = () => rule().fib.daddr.type('local').tcp.dport(8080);
  await nl.transaction([
    own.reset(),
    own.chain({ name: 'pre', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
    own.chain({ name: 'out', type: 'nat', hook: 'output', priority: 'dstnat' }),
    own.chain({ name: 'post', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
    ...['pre', 'out'].flatMap((chain) => [
      own.rule(chain, publish().meta.nfproto('ipv4').counter().dnat({ to: '10.50.0.2', port: 80 })),
      own.rule(chain, publish().meta.nfproto('ipv6').counter().dnat({ to: 'fd10::2', port: 80 })),
    ]),
    own.rule('post', rule().ip.saddr('192.168.50.0/24').oifname.not('client').counter().masquerade()),
    own.rule('post', rule().ip6.saddr('fd50::/64').oifname.not('client').counter().masquerade()),
    // a connection of the server to itself by way of this machine comes back only if it seems to come from here
    own.rule('post', rule().ip.saddr('10.50.0.2').ip.daddr('10.50.0.2').masquerade()),
  ]);
  assert.is(ask(client, '192.168.50.1', 8080), 'hello 10.50.0.1');
  assert.is(ask(client, 'fd50::1', 8080), 'hello fd10::1');
  assert.is(ask(client, '10.50.0.2', 80), 'hello 10.50.0.1');
  assert.is(ask(client, 'fd10::2', 80), 'hello fd10::1');
  assert.is(ask(undefined, '192.168.50.1', 8080), 'hello 10.50.0.1'); // masqueraded too
  assert.is(ask(undefined, '10.50.0.1', 8080), 'hello 10.50.0.1');
  assert.is(ask(server, '10.50.0.1', 8080), 'hello 10.50.0.1');
  assert.match(ask(client, '192.168.50.1', 8081), 'no: ECONNREFUSED');

  const counted = (await nl.rule.list({ family: 'inet', table: own.name, chain: 'pre' })).map(({ expressions }) =>
    expressions.find(({ name }) => name === 'counter')?.data);
  assert.equal(counted.map((data) => (data as { packets: bigint }).packets), [2n, 1n]);
  const [connection] = await nl.conntrack.list({ orig: { src: '192.168.50.2', dst: '192.168.50.1', dport: 8080 } });
  assert.is(connection!.reply!.src, '10.50.0.2');
  assert.is(connection!.reply!.sport, 80);
  assert.is(connection!.status!.dstNat, true);
  assert.ok((await nl.conntrack.flush({ reply: { src: '10.50.0.2', sport: 80 } }))! > 0);
});

test('redirect, sets, rejection and drop', async () => {
  const banned = { name: 'banned', keyType: 'ipv4_addr', flags: { interval: true } } as const;
  await nl.transaction([
    own.reset(),
    own.chain({ name: 'pre', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
    own.chain({ name: 'fwd', type: 'filter', hook: 'forward', priority: 'filter', policy: 'accept' }),
    own.chain({ name: 'post', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
    own.set(banned), own.elements(banned, ['192.168.99.0/24']),
    own.rule('post', rule().oifname('server').masquerade()),
    own.rule('fwd', rule().ct.state('established', 'related').accept()),
    own.rule('fwd', rule().ip.saddr('@banned').reject('tcp-reset')),
    own.rule('fwd', rule().tcp.dport([81, '90-99']).reject('port-unreachable')),
  ]);
  assert.is(ask(client, '10.50.0.2', 80), 'hello 10.50.0.1');
  assert.match(ask(client, '10.50.0.2', 95), 'no: ECONNREFUSED');
  await nl.transaction([own.elements(banned, ['192.168.50.0/24'])]);
  assert.match(ask(client, '10.50.0.2', 80), 'no: ECONNREFUSED');
  await nl.transaction([own.deleteElements(banned, ['192.168.50.0/24'])]);
  assert.is(ask(client, '10.50.0.2', 80), 'hello 10.50.0.1');
  await nl.transaction([own.remove()]);
  assert.match(ask(client, '10.50.0.2', 80), /^no: /);
});

test.run();
