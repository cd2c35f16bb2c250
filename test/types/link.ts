/** Types of links: see support.ts for the pattern. */
import { defineKind, openRoute, type BridgeOptions, type BridgePort, type Link, type LinkInput, type LinkOf } from 'netlink-ts';
import { attribute, attributes, u32, type RawAttribute } from 'netlink-ts/schema';
import { same } from './support.ts';

export async function check(link: Link, nl: ReturnType<typeof openRoute>): Promise<void> {
  same<typeof link.name, string>(true);
  same<NonNullable<typeof link.mtu>, number>(true);
  same<NonNullable<typeof link.stats>['rxBytes'], bigint>(true);

  // the kind decides what the options are
  if (link.kind === 'bridge') {
    same<typeof link.options, BridgeOptions | undefined>(true);
    link.options?.forwardDelay?.toFixed(2);
    // @ts-expect-error: a bridge has no VNI
    link.options?.id;
  }
  if (link.kind === 'vxlan')
    same<typeof link.options extends { id?: number | undefined } | undefined ? true : false, true>(true);
  if (link.portKind === 'bridge') same<typeof link.port, BridgePort | undefined>(true);
  if (link.kind === undefined) same<typeof link.options, undefined>(true);
  // a kind without names has its options by number
  if (link.kind !== undefined && link.options && 'unknown' in link.options)
    same<NonNullable<typeof link.options.unknown>, readonly RawAttribute[]>(true);
  const ofKind: LinkOf<'macvlan'> | undefined = link.kind === 'macvlan' ? link : undefined;
  ofKind?.options?.macaddrData?.map((address) => address.toUpperCase());
  link.afSpec?.inet6?.addrGenMode;

  // what is listed can be given back
  await nl.link.add(link as LinkOf<'bridge'>);
  const input: LinkInput = link as LinkOf<'veth'>;
  await nl.link.ensure({ ...input, name: 'x' });
  for (const listed of await nl.link.list()) if (listed.kind !== undefined) await nl.link.add(listed);
  await nl.link.delete(link);

  await nl.link.add({ name: 'br0', kind: 'bridge', options: { stpState: 0 }, up: true, master: 'br1' });
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1', netns: 'blue', mtu: 1400 } } });
  await nl.link.add({
    name: 'x0',
    kind: 'macvlan',
    link: 'eth0',
    options: { mode: 'bridge', flags: { nopromisc: true } },
  });
  await nl.link.add({ name: 'x0', kind: 'dummy' });
  await nl.link.add({ name: 'x0', kind: 'quux', options: { unknown: [{ type: 1, data: new Uint8Array(4) }] } });
  await nl.link.change('br0', { mtu: 1400, master: 0 });
  await nl.link.change('br0', { kind: 'bridge', options: { ageingTime: 0 } });
  await nl.link.change('v0', { portKind: 'bridge', port: { state: 'forwarding', hairpin: true } });
  await nl.link.change({ group: 7 }, { up: false });
  const one: Link = await nl.link.ensure({ name: 'br0', kind: 'bridge' });
  nl.sync.link.move(one, { pid: 1 }, 'eth0');

  await nl.link.change('br0', { afSpec: { inet: { conf: { forwarding: 1 } }, inet6: { addrGenMode: 'none', token: '::1' } } });
  // @ts-expect-error: the kernel reports settings of IPv6 and takes none
  await nl.link.change('br0', { afSpec: { inet6: { conf: { forwarding: 1 } } } });
  // @ts-expect-error: an option of another kind
  await nl.link.add({ name: 'br0', kind: 'bridge', options: { mode: 'bridge' } });
  // @ts-expect-error: a dummy has no options
  await nl.link.add({ name: 'x0', kind: 'dummy', options: { mode: 'bridge' } });
  // @ts-expect-error: no such mode
  await nl.link.add({ name: 'x0', kind: 'macvlan', options: { mode: 'bridged' } });
  // @ts-expect-error: no such flag
  await nl.link.add({ name: 'x0', kind: 'macvlan', options: { flags: { promisc: true } } });
  // @ts-expect-error: a number
  await nl.link.add({ name: 'br0', kind: 'bridge', mtu: '1500' });
  // @ts-expect-error: no such field
  await nl.link.add({ name: 'br0', kind: 'bridge', mtuu: 1500 });
  // @ts-expect-error: a link is of a kind
  await nl.link.add({ name: 'br0' });
  // @ts-expect-error: options without a kind
  await nl.link.change('br0', { options: { stpState: 1 } });
  // @ts-expect-error: no such field of a port
  await nl.link.change('v0', { portKind: 'bridge', port: { hairpins: true } });
  // @ts-expect-error: ensure finds a link by its name
  await nl.link.ensure({ kind: 'bridge' });
  // @ts-expect-error: a mask is no link
  await nl.link.get({ name: 'br0' });

  const quux = defineKind('quux', attributes({ depth: attribute('IFLA_QUUX_DEPTH', 1, u32) }));
  await nl.link.add(quux.link({ name: 'q0', up: true, options: { depth: 4 } }));
  same<NonNullable<ReturnType<typeof quux.options>>['depth'], number | undefined>(true);
  // @ts-expect-error: no such option
  quux.link({ name: 'q0', options: { deep: 4 } });
}
