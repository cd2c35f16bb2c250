import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { configOf, create } from '../../../src/engines/netavark/network.ts';

/** As podman 5.8 sent it, but for the options. */
const network = {
  name: 'web', id: 'ad53c406e3c55e196bc6d8f84e90f28d7df5bc90cccdd1609f19aa19e388ff7b', driver: 'netlink-ts', created: '0001-01-01T00:00:00Z',
  subnets: [{ subnet: '10.66.0.0/24', gateway: '10.66.0.1' }], ipv6_enabled: false, internal: false, dns_enabled: true, options: {},
};

test('what podman says of a network and we do not know is kept', () => {
  const made = create({ ...network, later: { a: 1 } } as typeof network);
  assert.equal(made, { ...network, later: { a: 1 }, dns_enabled: false, network_interface: made.network_interface } as typeof made);
});

test('a network of podman\'s in the words of CNI', () => {
  const pool = (more: object = {}, routes: object[] = []) => ({ type: 'netlink-ts', ranges: [[{ subnet: '10.66.0.0/24', gateway: '10.66.0.1', rangeStart: undefined, rangeEnd: undefined, ...more }]], routes });
  assert.equal(configOf(network), { name: 'web', type: 'netlink-ts-net', mode: 'bridge', ipam: pool() });
  assert.equal(configOf({ ...network, options: { parent: 'em1', vlan: '7' } }), { name: 'web', type: 'netlink-ts-net', mode: 'lan', parent: 'em1', vlan: '7', ipam: pool() });
  assert.equal(configOf({ ...network, options: { mode: 'macvlan' }, network_interface: 'em1' }), { name: 'web', type: 'netlink-ts-net', mode: 'macvlan', parent: 'em1', ipam: pool() });
  assert.equal(configOf({ ...network, internal: true }), { name: 'web', type: 'netlink-ts-net', mode: 'bridge', masquerade: false, defaultRoute: false, ipam: pool() });
  assert.equal(configOf({ ...network, subnets: [{ subnet: '10.66.0.0/24', gateway: '10.66.0.1', lease_range: { start_ip: '10.66.0.9', end_ip: null } }] })['ipam'], pool({ rangeStart: '10.66.0.9' }));
  assert.equal(configOf({ ...network, routes: [{ destination: '10.1.0.0/16', gateway: '10.66.0.7', metric: null }] })['ipam'],
    pool({}, [{ dst: '10.1.0.0/16', gw: '10.66.0.7', priority: undefined }, { dst: '0.0.0.0/0' }]));
  assert.equal(configOf({ ...network, subnets: null }), { name: 'web', type: 'netlink-ts-net', mode: 'bridge' });
});

test.run();
