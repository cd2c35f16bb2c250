import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Link, LinkChange, LinkInput } from '../../../src/route/link/message.ts';
import { linkCases } from '../../support/link-cases.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, sh } from '../../support/witness.ts';
import { clear, sameAsIp, still } from './sandbox.ts';

const nl = openRoute();
test.after(() => nl.close());
test.before.each(() => clear(nl));

test('what ip makes is what we list', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  for (const line of [
    'add br0 type bridge forward_delay 350 stp_state 1 ageing_time 12345 priority 4096',
    'set br0 type bridge group_fwd_mask 8 mcast_snooping 0 mcast_router 2 no_linklocal_learn 1',
    'add v0 mtu 1400 txqueuelen 7 address 02:00:00:00:00:01 group 9 type veth peer name v1',
    'set v0 master br0 up',
    'set v1 up alias the-other-end',
    'set v0 type bridge_slave cost 7 hairpin on isolated on mcast_router 0 group_fwd_mask 8',
    'set v0 promisc on',
    'set br0 addrgenmode none',
    'add m0 link v1 address 02:00:00:00:00:09 type macvlan mode source',
    'set m0 type macvlan macaddr set 02:00:00:00:00:07 02:00:00:00:00:08',
    'add x0 type vxlan id 5 group 239.1.1.1 dev v1 dstport 4789 srcport 5 10 ttl 3 nolearning',
    'add x1 type vxlan id 6 remote fc00::1 local fc00::2 dstport 0 ageing 7 maxaddress 9',
    'add x2 type vxlan external dstport 99',
    'add i0 type ifb',
    'property add dev br0 altname bridge-with-a-long-name',
  ])
    sh('ip', `link ${line}`);
  await sameAsIp(nl);
});

test('what we make is what ip shows', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  await nl.link.add({
    name: 'br0',
    kind: 'bridge',
    up: true,
    txqlen: 77,
    address: '02:00:00:00:00:aa',
    alias: 'a bridge',
    altnames: ['the-bridge-of-this-host'],
    afSpec: { inet6: { addrGenMode: 'none' } },
    options: {
      forwardDelay: 3.5,
      helloTime: 1,
      maxAge: 10,
      ageingTime: 0,
      stpState: 0,
      priority: 100,
      mcastQuerier: true,
      mcastQueryIntvl: 11.5,
      mcastHashMax: 512,
    },
  });
  await nl.link.add({
    name: 'v0',
    kind: 'veth',
    master: 'br0',
    up: true,
    portKind: 'bridge',
    port: { hairpin: true, cost: 99, learning: false },
    options: { peer: { name: 'v1', up: true, mtu: 1300, address: '02:00:00:00:00:bb' } },
  });
  await nl.link.add({
    name: 'm0',
    kind: 'macvlan',
    link: 'v1',
    options: { mode: 'source', macaddrData: ['02:00:00:00:00:01', '02:00:00:00:00:02'] },
  });
  await nl.link.add({
    name: 'x0',
    kind: 'vxlan',
    options: {
      id: 0xffffff,
      group6: 'ff05::1',
      link: (await nl.link.get('v1')).index,
      port: 8472,
      portRange: { low: 1000, high: 2000 },
      label: 5,
      ttl: 9,
      learning: false,
      l2miss: true,
    },
  });
  await nl.link.add({ name: 'i0', kind: 'ifb', numTxQueues: 3, up: true });
  const links = await sameAsIp(nl);
  assert.equal(links.find((link) => link.name === 'v0')?.portKind, 'bridge');
  const shown = json('ip', 'link show'),
    [br0, v0, v1, m0, x0] = ['br0', 'v0', 'v1', 'm0', 'x0'].map((name) => shown.find((link) => link.ifname === name));
  assert.equal(
    [br0.txqlen, br0.ifalias, br0.altnames, br0.inet6_addr_gen_mode],
    [77, 'a bridge', ['the-bridge-of-this-host'], 'none'],
  );
  const data = br0.linkinfo.info_data;
  assert.equal(
    [
      data.forward_delay,
      data.hello_time,
      data.max_age,
      data.ageing_time,
      data.stp_state,
      data.priority,
      data.mcast_querier,
      data.mcast_query_intvl,
      data.mcast_hash_max,
    ],
    [350, 100, 1000, 0, 0, 100, 1, 1150, 512],
  );
  assert.equal(
    [
      v0.master,
      v0.linkinfo.info_slave_data.hairpin,
      v0.linkinfo.info_slave_data.cost,
      v0.linkinfo.info_slave_data.learning,
    ],
    ['br0', true, 99, false],
  );
  assert.equal([v1.mtu, v1.address, v1.flags.includes('UP')], [1300, '02:00:00:00:00:bb', true]);
  assert.equal(
    [m0.linkinfo.info_data.mode, m0.linkinfo.info_data.macaddr_data.toSorted()],
    ['source', ['02:00:00:00:00:01', '02:00:00:00:00:02']],
  );
  assert.equal(
    [
      x0.linkinfo.info_data.id,
      x0.linkinfo.info_data.group6,
      x0.linkinfo.info_data.link,
      x0.linkinfo.info_data.port,
      x0.linkinfo.info_data.ttl,
    ],
    [0xffffff, 'ff05::1', 'v1', 8472, 9],
  );
});

test('key by key, each kind that this kernel has is what ip says of it', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const lacking = new Set<string>(), wrong: string[] = [];
  let keys = 0;
  const same = (line: string) => sameAsIp(nl).catch((error: { details?: string }) => wrong.push(`${line}: ${error.details ?? error}`));
  sh('ip', 'link add t0 index 7 type veth peer name t1 index 8');
  for (const { line, ours, refused } of linkCases) {
    if (refused !== undefined) continue;
    try {
      await nl.link.add(ours);
    } catch (error) {
      lacking.add(ours.kind!);
      continue;
    }
    await same(line);
    const { info_data } = json('ip', `link show dev ${ours.name}`)[0].linkinfo;
    keys += Object.keys(info_data ?? {}).length;
    await nl.link.delete(ours.name!);
  }
  for (const [options, port] of [[{ kind: 'bond', options: { mode: 'active-backup', miimon: 100 } }, { queueId: 2 }], [{ kind: 'vrf', options: { table: 9 } }, undefined]] as const) {
    const made = await nl.link.add({ name: 'k0', ...options }).then(() => true, () => false);
    if (!made) continue;
    await nl.link.change('t0', { master: 'k0', ...(port ? { portKind: 'bond', port } : {}) } as LinkChange);
    await same(`a port of a ${options.kind}`);
    await nl.link.delete('k0');
  }
  assert.equal(wrong, []);
  assert.ok(keys >= 50, `only ${keys} keys`);
  if (lacking.size > 0) skip(`${keys} keys compared; this kernel makes no ${[...lacking].join(' ')}`);
});

test('the command we print makes the same link', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const inputs: LinkInput[] = [
    {
      name: 'n0',
      kind: 'bridge',
      mtu: 1400,
      up: true,
      options: {
        forwardDelay: 4,
        stpState: 0,
        mcastRouter: 'perm',
        groupFwdMask: 8,
        mcastLastMemberCnt: 3,
        mcastQueryIntvl: 12,
        multiBoolopt: { noLinklocalLearn: true },
      },
    },
    {
      name: 'n0',
      kind: 'veth',
      txqlen: 5,
      group: 3,
      options: { peer: { name: 'n1', mtu: 1399, address: '02:00:00:00:00:07' } },
    },
    { name: 'n0', kind: 'macvlan', link: 'base', address: '02:00:00:00:00:01', options: { mode: 'private' } },
    {
      name: 'n0',
      kind: 'macvtap',
      link: 'base',
      address: '02:00:00:00:00:01',
      options: { mode: 'passthru', flags: { nopromisc: true } },
    },
    {
      name: 'n0',
      kind: 'vxlan',
      address: '02:00:00:00:00:01',
      options: {
        id: 7,
        group: '10.0.0.1',
        local: '10.0.0.2',
        port: 4789,
        portRange: { low: 1, high: 2 },
        learning: false,
        ageing: 60,
        tos: 4,
        udpCsum: false,
      },
    },
    { name: 'n0', kind: 'ifb', numTxQueues: 2, numRxQueues: 2, flags: { promisc: true } },
  ];
  await nl.link.add({ name: 'base', kind: 'veth', options: { peer: { name: 'base-peer' } } });
  for (const input of inputs) {
    let command = '';
    const making = openRoute();
    making.trace = (text) => { command ||= /# (ip link add .*)/.exec(text)?.[1] ?? ''; };
    await making.link.add(input);
    making.close();
    const ours = await nl.link.get('n0');
    await nl.link.delete('n0');
    assert.match(command, /^ip link add /, JSON.stringify(input));
    sh('ip', command.slice(3));
    const theirs = await nl.link.get('n0');
    await nl.link.delete('n0');
    const bare = ({ index: _i, address, link: _l, stats: _s, stats32: _s32, afSpec: _a, ...rest }: Link): object => ({
      ...rest,
      address: input.address && address,
    });
    assert.equal(
      still(JSON.parse(JSON.stringify(quiet(bare(ours))))),
      still(JSON.parse(JSON.stringify(quiet(bare(theirs))))),
      command,
    );
  }
});

/** Without what differs from one new bridge to the next, and with bigints that JSON can hold. */
const quiet = (link: object): object =>
  JSON.parse(
    JSON.stringify(link, (key, value) =>
      /^(bridgeId|rootId|.*Timer|broadcast|operstate)$/.test(key)
        ? undefined
        : typeof value === 'bigint'
          ? String(value)
          : value,
    ),
  );

test.run();
