// timeout: 600 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modes, openHost } from '../../../src/container/index.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { refusal, sh } from '../../support/witness.ts';
import { datagram, end, get, inside, outside, serve, serveDatagrams, space } from './outside.ts';

/* Who reaches a container, by which address of the host or its own, over TCP and UDP, IPv4 and IPv6; and who does not. */
const host = openHost(), client = outside(), a = space(), b = space(), c = space(), unguarded = { guard: false };
const ask = { tcp: get, udp: datagram } as const, protocols = ['tcp', 'udp'] as const;
const own = ['192.168.50.1', 'fd50::1'], gateway = ['172.30.0.1', 'fd30::1'];
const askers = {
  'the LAN': { from: client, at: own },
  'the host itself': { from: undefined, at: ['127.0.0.1', '127.9.9.9', ...own, ...gateway] },
  'a neighbour on the bridge': { from: b, at: [...own, ...gateway] },
  'the container itself': { from: a, at: [...own, ...gateway] },
  'a container on another bridge': { from: c, at: [...own, '172.31.0.1', 'fd31::1'] },
} as const;
const refused = /^no: /;
const published = [{ hostPort: 8080, port: 80 }, { protocol: 'udp', hostPort: 8080, port: 53 }] as const;
const first = { bridge: 'nl0', subnet: '172.30.0.0/16', ipv6: { subnet: 'fd30::/64' } };
const attach = (more: object) => modes.bridge.attach(host, { ...first, container: { ns: a }, ...more }).apply(unguarded);
/** Whether IP sees what goes from port to port of a bridge: a container that asks for itself goes another way then. */
const shown = (value: '0' | '1') => ['iptables', 'ip6tables'].forEach((name) => {
  if (host.settings.get(`net/bridge/bridge-nf-call-${name}`) !== undefined) host.settings.set(`net/bridge/bridge-nf-call-${name}`, value);
});
/** Asks as everybody, everywhere. */
function all(port: number, check: (answer: string, protocol: 'tcp' | 'udp', what: string) => void): void {
  for (const [who, { from, at }] of Object.entries(askers)) for (const address of at) for (const protocol of protocols)
    check(ask[protocol](from, address, port), protocol, `${who} at ${address} by ${protocol}`);
}
const nobody = (port: number) => all(port, (answer, _, what) => assert.match(answer, refused, what));

test.before(async () => {
  await serve(a, 'a by tcp');
  await serveDatagrams(a, 'a by udp', 53);
  await attach({});
  await attach({ container: { ns: b } });
  await attach({ container: { ns: c }, bridge: 'nl1', subnet: '172.31.0.0/16', ipv6: { subnet: 'fd31::/64' } });
});
test.after(() => {
  end();
  host.close();
});

test('not published, it is reached by nobody', () => nobody(8080));

for (const value of ['1', '0'] as const) test(`published, it is reached by all: bridge-nf-call-iptables ${value}`, async () => {
  shown(value);
  await attach({ publish: published });
  all(8080, (answer, protocol, what) => assert.is(answer, `a by ${protocol}`, what));
});

test('a port beside it is reached by nobody', () => nobody(8081));

test('[::1] refuses at once, and a service of the host at it is left alone', async () => {
  assert.match(get(undefined, '::1', 8080), 'Connection refused');
  assert.is(datagram(undefined, '::1', 8080), 'no: ECONNREFUSED');
  await serve(undefined, 'the host\'s own', 8080);
  assert.is(get(undefined, '::1', 8080), 'the host\'s own');
  assert.is(get(undefined, '127.0.0.1', 8080), 'a by tcp');
  const { message } = await refusal(attach({ publish: [{ hostPort: 8080, port: 80, hostAddress: '::1' }] }));
  assert.match(message, 'publish[0].hostAddress: ::1: the kernel lets no answer of a container in');
});

test('containers of one bridge and the host reach it directly, those of another and the LAN do not', () => {
  inside(client, 'ip', 'route add 172.30.0.0/16 via 192.168.50.1');
  inside(client, 'ip', '-6 route add fd30::/64 via fd50::1');
  for (const address of ['172.30.0.2', 'fd30::2']) for (const [protocol, port] of [['tcp', 80], ['udp', 53]] as const) {
    const what = `${address} by ${protocol}`;
    for (const from of [a, b, undefined]) assert.is(ask[protocol](from, address, port), `a by ${protocol}`, what);
    for (const from of [c, client]) assert.match(ask[protocol](from, address, port), refused, what);
  }
  inside(client, 'ip', 'route del 172.30.0.0/16');
  inside(client, 'ip', '-6 route del fd30::/64');
});

test('published at one address, it is reached there alone', async () => {
  await attach({ publish: own.flatMap((hostAddress) => published.map((port) => ({ ...port, hostAddress }))) });
  all(8080, (answer, protocol, what) => (own.some((address) => what.includes(` ${address} `)) ? assert.is(answer, `a by ${protocol}`, what)
    : assert.not.match(answer, 'a by', what)));
});

test('bridges route 127.0.0.0/8 for published ports, and no container gets at the host\'s loopback by that', async () => {
  await serve(undefined, 'for the host alone', 7000);
  inside(b, 'sysctl', '-qw net.ipv4.conf.eth0.route_localnet=1');
  for (const line of ['rule add priority 2 lookup local', 'rule del priority 0', 'route add 127.0.0.1 via 172.30.0.1 table 9', 'rule add to 127.0.0.1 table 9 priority 1'])
    assert.not.match(inside(b, 'ip', line), refused);
  assert.match(get(b, '127.0.0.1', 7000), refused);
  sh('nft', 'flush chain inet netlink-ts guard');
  assert.is(get(b, '127.0.0.1', 7000), 'for the host alone', 'but for our rule');
});

test('detached, it is reached by nobody', async () => {
  await modes.bridge.detach(host, { container: { ns: a } }).apply(unguarded);
  for (const { from } of [askers['the LAN'], askers['a container on another bridge']]) for (const address of own) for (const protocol of protocols)
    assert.not.match(ask[protocol](from, address, 8080), 'a by'); // the host has its own there
  assert.match(get(b, '172.30.0.2', 80), refused);
  assert.match(datagram(b, 'fd30::2', 53), refused);
});

const reason = absent('nft', 'busybox', 'ip', 'ss');
if (reason === undefined) test.run();
else skip(reason);
