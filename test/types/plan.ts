/** Types of the calls of plans: see support.ts for the pattern. */
import { call, type Call } from '../../src/container/plan/call.ts';
import { containerNs, named } from '../../src/container/plan/link-name.ts';

export function check(link: import('netlink-ts').Link): readonly Call[] {
  return [
    // the arguments are those of the operation of that name
    call('host', 'link.add', [{ name: 'br0', kind: 'bridge', options: { stpState: 0 } }], ['EEXIST']),
    call('host', 'vlan.add', ['veth1', 10, { pvid: true, untagged: true }]),
    call('host', 'nft.table.add', [{ family: 'inet', name: 'ours' }]),
    call('host', 'sysctl.set', ['net/ipv4/ip_forward', '1']),
    call('host', 'link.delete', [link]),
    // a link may stand by its name, a namespace for that of the container
    call('host', 'link.change', [named('em1'), { master: named('br0') }]),
    call('host', 'link.add', [{ name: 'a', kind: 'veth', options: { peer: { name: 'b', netns: containerNs } } }]),

    // @ts-expect-error: a VLAN is a number
    call('host', 'vlan.add', ['veth1', { vid: 10, pvid: true }]),
    // @ts-expect-error: no such option of a VLAN
    call('host', 'vlan.add', ['veth1', 10, { tagged: true }]),
    // @ts-expect-error: it is asked with the link first
    call('host', 'addr.add', [{ address: '192.0.2.1/24', dev: 'em1' }]),
    // @ts-expect-error: no such field of a link
    call('host', 'link.change', ['em1', { mtus: 1400 }]),
    // @ts-expect-error: no such option of a bridge
    call('host', 'link.add', [{ name: 'br0', kind: 'bridge', options: { stp: 0 } }]),
    // @ts-expect-error: no such operation
    call('host', 'link.remake', ['em1']),
    // @ts-expect-error: values of settings are text
    call('host', 'sysctl.set', ['net/ipv4/ip_forward', 1]),
    // @ts-expect-error: nowhere but in the place of a link
    call('host', 'addr.add', ['em1', named('em1')]),
  ];
}
