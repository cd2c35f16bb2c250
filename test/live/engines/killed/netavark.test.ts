// timeout: 900 s
import { test } from 'uvu';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killBoth } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

const network = { name: 'web', id: 'ad53', driver: 'netlink-ts', network_interface: 'nt0', internal: false, subnets: [{ subnet: '10.66.0.0/24', gateway: '10.66.0.1', lease_range: null }], options: null };

beforeKilling();
killBoth(['setup', '/run/netns/c1'], ['teardown', '/run/netns/c1'], () => ({ container_id: 'c1', container_name: 'c1', network,
  port_mappings: [{ container_port: 80, host_ip: '', host_port: 81, protocol: 'tcp', range: 1 }],
  network_options: { aliases: [], interface_name: 'eth0', static_ips: ['10.66.0.9'], static_mac: null, options: null },
}));

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
