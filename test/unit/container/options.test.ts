import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wantedOf } from '../../../src/container/lan/attach-options.ts';
import { networksOf } from '../../../src/container/modes/options.ts';
import { portElements, publishedPort } from '../../../src/container/modes/ports.ts';
import { freeAddress, lowest, overlap, subnetOf } from '../../../src/container/modes/subnet.ts';
import { ArgumentError, EncodeError } from '../../../src/errors.ts';

const container = { pid: 1 }, any = 7 as never;
const refused = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ArgumentError || error instanceof EncodeError, String((error as Error).stack));
    return (error as Error).message;
  }
  return 'taken';
};

test('what lan.attach is asked for is refused before anything is looked at', () => {
  const address = '192.0.2.9/24', wanted = (more: object) => refused(() => wantedOf({ container, address, ...more } as never));
  assert.is(wanted({}), 'lan.attach: either a bridge or a parent');
  assert.is(wanted({ bridge: 'br0', parent: 'em1' }), 'lan.attach: either a bridge or a parent');
  assert.is(wanted({ bridge: 'br0', kind: 'macvlan' }), 'lan.attach: macvlan goes with a parent');
  assert.is(wanted({ parent: 'em1', kind: 'veth' }), 'lan.attach: veth goes with a bridge');
  assert.is(wanted({ bridge: 'br0', address: '192.0.2.9' }), 'lan.attach: the address needs its prefix length, as 192.0.2.9/24');
  assert.is(wanted({ bridge: 'br0', address: [] }), 'lan.attach: no address');
  assert.is(wanted({ bridge: 'br0', gateway: 'fe80::1' }), 'lan.attach: no address of the family of the gateway fe80::1');
  assert.is(wanted({ bridge: 'br0' }), 'taken');
  const gateways = (of: readonly string[], gateway: string) => wantedOf({ container, bridge: 'br0', address: of, gateway } as never).gateways;
  assert.equal(gateways([address], '192.0.2.1'), [{ ip: '192.0.2.1', family: 'inet', onlink: false, from: '192.0.2.9' }]);
  assert.equal(gateways([address], '198.51.100.1'), [{ ip: '198.51.100.1', family: 'inet', onlink: true, from: '192.0.2.9' }]);
  assert.equal(gateways(['2001:db8::9/64'], 'fe80::1'), [{ ip: 'fe80::1', family: 'inet6', onlink: false, from: '2001:db8::9' }]);
});

test('networks that cannot be are refused by their field', () => {
  const subnet = '172.30.0.0/24', networks = (more: object) => refused(() => networksOf({ subnet, ...more } as never));
  assert.match(networks({ subnet: '172.30.0.0' }), /^subnet: must be a subnet like/);
  assert.match(networks({ subnet: any }), /^subnet: must be a subnet like/);
  assert.match(networks({ subnet: '172.30.0.0/31' }), /^subnet: has no room/);
  assert.match(networks({ subnet: 'fd00::/64' }), /^subnet: must be a subnet of IPv4/);
  assert.match(networks({ ipv6: { subnet } }), /^ipv6\.subnet: must be a subnet of IPv6/);
  for (const gateway of ['172.30.1.1', '172.30.0.0', '172.30.0.255', 'fd00::1', any]) assert.match(networks({ gateway }), /^gateway: must be an address of a host in 172\.30\.0\.0\/24/);
  assert.is(networks({ address: '172.30.0.1' }), "address: 172.30.0.1 is the gateway's");
  assert.equal(networksOf({ subnet, gateway: '172.30.0.9', address: '172.30.0.1' }).map(({ gateway, wanted }) => [gateway, wanted]), [['172.30.0.9', '172.30.0.1']]);
});

test('of a subnet each address is given once, from wherever one starts, and then none', () => {
  const subnet = subnetOf('172.30.0.5/29', 'subnet'), taken = new Set([lowest(subnet)]), given: string[] = [];
  for (let address = freeAddress(subnet, taken, 3n); address !== undefined; address = freeAddress(subnet, taken, 3n)) {
    taken.add(address);
    given.push(address);
  }
  assert.equal(given, [4, 5, 6, 2, 3].map((host) => `172.30.0.${host}`));
  assert.equal(['172.30.0.4/30', '172.30.0.8/29', 'ac1e::/64'].map((text) => overlap(subnet, subnetOf(text, 'subnet'))), [true, false, false]);
});

test('ports that cannot be published are refused by their place', () => {
  const ports = (...publish: object[]) => refused(() => portElements(publish as never, '172.30.0.2', undefined));
  assert.match(refused(() => portElements(any, '172.30.0.2', undefined)), /^publish: must be a list of ports/);
  assert.match(ports({ hostPort: 80, protocol: 'icmp' }), /^publish\[0\]\.protocol: must be tcp, udp or sctp/);
  for (const hostPort of [0, 65536, 1.5, '80', undefined]) assert.match(ports({ hostPort: 8080 }, { hostPort }), /^publish\[1\]\.hostPort: must be a port from 1 to 65535/);
  assert.match(ports({ hostPort: 80, port: 0 }), /^publish\[0\]\.port: /);
  for (const hostAddress of ['odd', any]) assert.match(ports({ hostPort: 80, hostAddress }), /^publish\[0\]\.hostAddress: must be an address of the host/);
  assert.match(ports({ hostPort: 80, hostAddress: '::1' }), /127\.0\.0\.1 works$/);
  assert.match(ports({ hostPort: 80, hostAddress: '2001:db8::1' }), /the container has no address of that family$/);
  assert.match(ports({ hostPort: 80 }, { hostPort: 80 }), /^publish: tcp \. 80 is published twice$/);
  const published = [{ hostPort: 8080, port: 80 }, { hostPort: 53, protocol: 'udp', hostAddress: '127.0.0.1' }] as const;
  assert.equal(portElements(published, '172.30.0.2', 'fd00::2').map(publishedPort).map(({ hostPort, port, address, hostAddress }) => [hostPort, port, address, hostAddress]),
    [[8080, 80, '172.30.0.2', undefined], [8080, 80, 'fd00::2', undefined], [53, 53, '172.30.0.2', '127.0.0.1']]);
});

test.run();
