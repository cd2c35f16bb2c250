import assert from 'node:assert/strict';
import type { RouteClient } from '../../src/open.ts';
import { linkCases } from '../../test/support/link-cases.ts';
import { actions, classes, filterPlace, filters, qdiscs } from '../../test/support/tc-kinds.ts';
import { refused, scenario, type Scenario, type Scenarios } from '../scenario.ts';

/** Kinds that this machine's kernel has; what it lacks is recorded on Debian's 6.1. */
const here: { readonly [group: string]: readonly string[] } = {
  link: ['ifb', 'macvlan', 'macvtap', 'veth'], port: [],
  qdisc: ['bfifo', 'clsact', 'htb', 'ingress', 'mq', 'pfifo', 'pfifo_fast', 'pfifo_head_drop'], class: ['htb'], filter: ['bpf', 'u32'], action: ['mirred'],
};
/** Kinds that Debian builds into its 6.12 and not into its user-mode-linux: qemu has it whole. */
const full = ['link amt', 'link bareudp', 'link netkit', 'link rmnet', 'link virt_wifi', 'link wireguard', 'link xfrm', 'qdisc ets', 'qdisc fq_pie', 'class ets'];
/** Kinds of which there is no tape here: docs/kinds.md says why, or they have tapes of their own in other folders. */
const nowhere = ['link can', 'link dsa', 'link ipoib', 'link netdevsim', 'link ovpn'];

const t0 = 7, t1 = 8;
const pair = ['ip link add t0 index 7 address 02:00:00:00:00:0a numtxqueues 4 numrxqueues 4 type veth peer name t1 index 8 address 02:00:00:00:00:0b numtxqueues 4 numrxqueues 4'];

const of = (group: string, kind: string, title: string, talk: (nl: RouteClient) => Promise<void>): [name: string, one: Scenario][] =>
  nowhere.includes(`${group} ${kind}`) ? []
    : [[`${group}-${kind}`, { ...scenario(title, pair, talk), ...(here[group]?.includes(kind) ? {} : { kernel: kernelOf(`${group} ${kind}`) }) }]];

const kernelOf = (kind: string): '6.1' | '6.12' => (full.includes(kind) ? '6.12' : '6.1');

/** Nothing in it is without a name, but for what some processors want before 64 bits: attributes without a payload. */
function named(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [key, inner] of Object.entries(value))
    if (key === 'unknown' && Array.isArray(inner)) assert.deepEqual(inner.filter(({ data }) => data.length > 0), []);
    else named(inner);
}

function kindsOf<T extends { readonly kind?: string | undefined }>(list: readonly T[]): [kind: string, cases: T[]][] {
  return [...new Set(list.map(({ kind }) => kind!))].map((kind) => [kind, list.filter((one) => one.kind === kind)]);
}

/** Encapsulation in UDP wants a module that no kernel loads by itself. */
const cases = linkCases.filter(({ ours }) => (ours.options as { encapType?: string } | undefined)?.encapType !== 'fou');

const links = kindsOf(cases.map(({ ours, refused: code }) => ({ kind: ours.kind, ours, code }))).flatMap(([kind, ofKind]) =>
  of('link', kind, `Links of the kind ${kind}: made, looked at, deleted`, async (nl) => {
    for (const { ours, code } of ofKind) {
      if (code !== undefined) {
        await refused(nl.link.add(ours), code);
        continue;
      }
      await nl.link.add(ours);
      const { kind: found, options } = await nl.link.get('k0');
      assert.equal(found, kind);
      named(options);
      await nl.link.delete('k0');
    }
  }));

/** The `ip` of Debian 12 has no word for it, so that it is in none of the cases. */
const netkit = of('link', 'netkit', 'Links of the kind netkit: a pair is made, looked at from both ends, changed, deleted', async (nl) => {
  await nl.link.add({ name: 'k0', kind: 'netkit', options: { mode: 'l3', policy: 'blackhole', peerPolicy: 'forward', peer: { name: 'k1' } } });
  const [k0, k1] = [await nl.link.get('k0'), await nl.link.get('k1')];
  assert.ok(k0.kind === 'netkit' && k1.kind === 'netkit');
  assert.deepEqual([k0.options!.primary, k0.options!.mode, k0.options!.policy, k0.options!.peerPolicy], [true, 'l3', 'blackhole', 'forward']);
  assert.deepEqual([k1.options!.primary, k1.options!.policy, k1.link], [false, 'forward', k0.index]);
  named(k0.options);
  await nl.link.change('k0', { kind: 'netkit', options: { policy: 'forward' } });
  await nl.link.delete('k0');
});

/** They are made through a file; over netlink they are only looked at and deleted. */
const tun: [name: string, one: Scenario][] = [['link-tun', scenario('A device of each sort that /dev/net/tun makes is looked at, with its options, and deleted', [
  ...pair, 'ip tuntap add dev k0 mode tap user 1000 group 2000 vnet_hdr multi_queue', 'ip tuntap add dev k1 mode tun pi'], async (nl) => {
  const [k0, k1] = [await nl.link.get('k0'), await nl.link.get('k1')];
  assert.ok(k0.kind === 'tun' && k1.kind === 'tun');
  assert.deepEqual(k0.options, { type: 'tap', owner: 1000, group: 2000, pi: false, vnetHdr: true, persist: true, multiQueue: true, numQueues: 0, numDisabledQueues: 0 });
  assert.deepEqual([k1.options!.type, k1.options!.pi, k1.options!.multiQueue], ['tun', true, false]);
  for (const { index } of [k0, k1]) await nl.link.delete(index);
  assert.equal((await nl.link.list({ kind: 'tun' })).length, 0);
})]];

const ports = [
  ...of('port', 'bond', 'A link becomes the port of a bond', async (nl) => {
    await nl.link.add({ name: 'k0', kind: 'bond', options: { mode: 'active-backup', miimon: 100 } });
    await nl.link.change(t0, { master: 'k0', portKind: 'bond', port: { queueId: 2 } });
    const { portKind, port } = await nl.link.get(t0);
    assert.ok(portKind === 'bond');
    assert.deepEqual([port!.queueId, port!.permHwaddr], [2, '02:00:00:00:00:0a']);
  }),
  ...of('port', 'vrf', 'A link becomes the port of a VRF', async (nl) => {
    await nl.link.add({ name: 'k0', kind: 'vrf', options: { table: 9 } });
    await nl.link.change(t0, { master: 'k0' });
    const { portKind, port } = await nl.link.get(t0);
    assert.ok(portKind === 'vrf');
    assert.equal(port!.table, 9);
  }),
];

const queues = kindsOf(qdiscs).flatMap(([kind, cases]) =>
  of('qdisc', kind, `A qdisc of the kind ${kind}: made, listed, deleted`, async (nl) => {
    for (const one of cases) {
      await nl.qdisc.add(t0, one);
      const [found] = await nl.qdisc.list({ dev: t0, kind });
      named(found!.options);
      await nl.qdisc.delete(t0, found!);
    }
  }));

const shares = classes.flatMap((one) => of('class', one.kind!, `A class of the kind ${one.kind}: made, listed, deleted`, async (nl) => {
  await nl.qdisc.add(t0, { ...qdiscs.find(({ kind }) => kind === one.kind)!, handle: '1:' });
  await (one.kind === 'ets' ? nl.class.change(t0, one) : nl.class.add(t0, one));
  const found = (await nl.class.list(t0)).find(({ handle }) => handle === one.handle);
  named(found!.options);
  if (one.kind !== 'ets') await nl.class.delete(t0, one.handle!);
}));

const sorters = filters.flatMap((one) => of('filter', one.kind, `A filter of the kind ${one.kind}: made, listed, deleted`, async (nl) => {
  await nl.qdisc.add(t0, { kind: 'htb', handle: '1:' });
  await nl.class.add(t0, { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: 125000 } });
  await nl.filter.add(t0, one);
  const list = await nl.filter.list(t0, { parent: '1:' });
  assert.ok(list.length > 0 && list.every(({ kind }) => kind === one.kind));
  list.forEach(({ options }) => named(options));
  await nl.filter.delete(t0, filterPlace);
}));

/** Debian's user-mode-linux counts no zones of connections. */
const deeds = actions.flatMap(({ kind, options: { dev, zone, ...options } = {} }: any) => of('action', kind, `An action of the kind ${kind}: made, listed, deleted`, async (nl) => {
  await nl.action.add({ kind, options: { ...options, ...(zone === undefined || kind === 'ct' ? {} : { zone }), ...(dev ? { ifindex: t1 } : {}), ...(kind === 'pedit' ? {} : { index: 77 }) } });
  const [found] = await nl.action.list(kind);
  named(found!.options);
  await nl.action.flush(kind);
}));

export const scenarios: Scenarios = Object.fromEntries([...links, ...netkit, ...tun, ...ports, ...queues, ...shares, ...sorters, ...deeds]);
