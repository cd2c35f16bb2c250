import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import { linkKinds } from '../../../src/route/link/kinds/index.ts';
import type { LinkChange, LinkInput } from '../../../src/route/link/message.ts';
import { skip } from '../../support/skip.ts';
import { nameless } from '../../support/nameless.ts';
import { clear } from './sandbox.ts';

const nl = openRoute();
test.after(() => nl.close());
test.before.each(() => clear(nl));

const lacking: string[] = [];

test('each kind that this kernel has is made, listed and taken away', async () => {
  await nl.link.add({ name: 'base', kind: 'veth', options: { peer: { name: 'base-peer' } } });
  const special = await whatKindsNeed();
  const wrong: string[] = [];
  for (const kind of Object.keys(linkKinds)) {
    try {
      await madeListedTakenAway(kind, special[kind] ?? {});
    } catch (error) {
      if (error instanceof KernelError && (error.code === 'EOPNOTSUPP' || error.code === withoutHardware[kind]))
        lacking.push(kind);
      else wrong.push(`${kind}: ${(error as Error).message} ${(error as { details?: string }).details ?? ''}`);
      await nl.link.delete('k0').catch(() => {});
    }
  }
  assert.equal(wrong, []);
  assert.ok(lacking.length < Object.keys(linkKinds).length);
});

test('all kinds are there', () => {
  if (lacking.length > 0) skip(`this kernel makes no ${lacking.join(' ')}`);
});

/** Kinds that are there and want what a test has not: InfiniBand, and sockets where the kernel makes none itself. */
const withoutHardware: { [kind: string]: string } = { ipoib: 'EINVAL', gtp: 'EINVAL' };

async function madeListedTakenAway(kind: string, special: Partial<LinkInput>): Promise<void> {
  await nl.link.add({ name: 'k0', kind, ...special } as LinkInput);
  const listed = await nl.link.get('k0');
  assert.is(listed.kind, kind);
  assert.equal(nameless(listed.options?.unknown), [], `${kind} has options without a name`);
  await nl.link.delete('k0');
  await nl.link.add(listed as LinkInput);
  assert.equal(still((await nl.link.get('k0')).options), still(listed.options), 'made again from the list');
  const { options } = changed[kind] ?? {};
  if (options !== undefined) { // of an option alone; the others stay as they were
    await nl.link.change('k0', { kind, options } as LinkChange);
    assert.equal(still((await nl.link.get('k0')).options), still({ ...listed.options, ...options }), 'after a change');
  }
  await nl.link.delete('k0');
}

/** Without what runs on by itself, and with bigints that JSON can hold. */
const still = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? {}, (key, inner) =>
  (/Timer$|^bridgeId$|^rootId$/.test(key) ? undefined : typeof inner === 'bigint' ? String(inner) : inner)));

/** What a kind is not made without, or what two of a kind must differ in from the ones that the kernel makes itself. */
async function whatKindsNeed(): Promise<{ [kind: string]: Partial<LinkInput> }> {
  const base = await nl.link.get('base'), peer = await nl.link.get('base-peer');
  const v4 = { local: '192.0.2.1', remote: '192.0.2.2' }, v6 = { local: 'fc00::1', remote: 'fc00::2' };
  const keys = { ikey: 5, okey: 6, iflags: { key: true }, oflags: { key: true } },
    erspan = {
      ...keys,
      iflags: { key: true, seq: true },
      oflags: { key: true, seq: true },
      erspanVer: 1,
      erspanIndex: 9,
    };
  const on = { link: 'base' }, of = (options: object) => ({ options });
  return {
    macvlan: on,
    macvtap: on,
    ipvlan: on,
    ipvtap: on,
    macsec: on,
    virt_wifi: on,
    vlan: {
      ...on,
      ...of({ id: 5, protocol: '802.1ad', ingressQos: [{ from: 1, to: 2 }], flags: { reorderHdr: false } }),
    },
    rmnet: { ...on, ...of({ muxId: 3 }) },
    hsr: of({ slave1: base.index, slave2: peer.index, version: 1 }),
    vrf: of({ table: 9 }),
    xfrm: of({ ifId: 3, link: base.index }),
    vxlan: of({ id: 9, port: 4789 }),
    geneve: of({ id: 9, remote: '192.0.2.1', ttl: 3 }),
    bareudp: of({ port: 6635, ethertype: 0x8847 }),
    gtp: of({ createSockets: true }),
    gre: of({ ...v4, ...keys }),
    gretap: of({ ...v4, ttl: 9 }),
    erspan: of({ ...v4, ...erspan }),
    ip6gre: of({ ...v6, ...keys }),
    ip6gretap: of(v6),
    ip6erspan: of({ ...v6, ...erspan }),
    ipip: of({ ...v4, proto: 'ipip' }),
    sit: of({ ...v4, '6rdPrefix': '2002::', '6rdPrefixlen': 16 }),
    ip6tnl: of({ ...v6, proto: 'ipip6', encapLimit: 3 }),
    vti: of({ ...v4, ikey: 7 }),
    vti6: of({ ...v6, ikey: 7 }),
    bond: of({ mode: '802.3ad', adLacpRate: 'fast', xmitHashPolicy: 'layer3+4', adUserPortKey: 7 }),
    bridge: of({ stpState: 0 }),
    can: {},
    amt: of({ mode: 'relay', link: base.index, localIp: '192.0.2.1', relayPort: 2268 }),
  } as { [kind: string]: Partial<LinkInput> };
}

/** One option of each kind that can be changed alone. */
const ttl = { options: { ttl: 77 } }, mark = { options: { fwmark: 8 } };
const changed: { [kind: string]: { options: object } } = {
  gre: ttl,
  gretap: ttl,
  erspan: ttl,
  ip6gre: ttl,
  ip6gretap: ttl,
  ip6erspan: ttl,
  ipip: ttl,
  sit: ttl,
  ip6tnl: ttl,
  vti: mark,
  vti6: mark,
  geneve: ttl,
  vxlan: { options: { ageing: 7 } },
  bond: { options: { minLinks: 3 } },
  bridge: { options: { helloTime: 1 } },
  vlan: {
    options: { flags: { reorderHdr: true, gvrp: false, looseBinding: false, mvrp: false, bridgeBinding: false } },
  },
  ipvlan: { options: { mode: 'l3' } },
};

test.run();
