import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHost, type Host } from '../../../src/container/index.ts';
import { forwardCalls } from '../../../src/container/forward/probe.ts';
import { ARP, arpFrame, arpSender, IPV6, ndFrame } from '../../../src/container/lan/frames.ts';
import type { Probe } from '../../../src/container/plan/own-arguments.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { openPacket } from '../../../src/packet/index.ts';
import { descriptors } from '../../support/descriptors.ts';

/* A packet is sent to see whether it gets through a host: what is said where it does not, and where that cannot be tried. */
const container = openHost(), ns = netns.make(), there = openRoute({ netns: ns }), mac = '02:00:00:00:00:02';
await container.nl.link.add({ name: 'eth1', kind: 'veth', address: '02:00:00:00:00:01', up: true, options: { peer: { name: 'gw', netns: ns, address: mac } } });
await there.link.change('gw', { up: true });
const { index } = await there.link.get('gw');
/** The gateway: it says that each address is its own. */
const arp = openPacket({ ns, index, etherType: ARP }), nd = openPacket({ ns, index, etherType: IPV6 });
arp.listen((frame) => {
  const asked = arpSender(frame);
  if (asked && asked.mac !== mac) arp.send(arpFrame({ operation: 'reply', mac, ip: asked.target, target: asked.ip }));
});
nd.listen((frame) => {
  if (frame[20] === 58 && frame[54] === 135) nd.send(ndFrame({ type: 'advertisement', mac, ip: 'fd00::1', to: 'ff02::1', toMac: '33:33:00:00:00:01', target: 'fd00::1' }));
});
test.after(() => {
  for (const each of [arp, nd, there, ns, container]) each.close();
});

const four: Probe = { dev: 'eth1', from: '192.0.2.7', gateway: '192.0.2.254', to: '192.0.2.254', bridge: 'br0', way: 'bridged' };
const six: Probe = { ...four, from: 'fd00::7', gateway: 'fd00::1', to: 'fd00::1', way: 'routed', uplink: 'em1' };

/** Tries it on a host whose nf_tables answers so; gives the tables that were made and those that are left. */
async function tried(what: Probe, { lacking, packets, chains = [], shown = false, signal }: {
  readonly lacking?: object; readonly packets?: bigint; readonly chains?: readonly object[]; readonly shown?: boolean; readonly signal?: AbortSignal;
}) {
  const made: string[] = [], left = new Set<string>();
  const nft = {
    chain: { list: async () => chains },
    rule: { list: async ({ chain }: { chain?: string }) => (chain === undefined || packets === undefined ? [] : [{ expressions: [{ name: 'counter', data: { packets } }] }]) },
    async transaction([change]: [{ operation: string; value: { family: string } }]) {
      const { family } = change.value;
      if (change.operation === 'table.remove') return void left.delete(family);
      made.push(family);
      if (family === 'bridge' && lacking !== undefined) throw lacking;
      left.add(family);
    },
  };
  const host = { nft, settings: { get: () => (shown ? '1' : undefined) } } as unknown as Host;
  const said = Promise.resolve(forwardCalls['forward.probe'].run(container, [what], { timeout: 5000, signal, places: { host } }));
  const error = await said.then(() => undefined, (refused: Error & { code?: string }) => refused);
  return { error, made, left: [...left] };
}
const refused = (code: string) => Object.assign(new Error(code), { code: 'ERR_TRANSACTION', cause: { code } });

test('frames are caught as frames, what is routed where both families are', async () => {
  assert.equal(await tried(four, { packets: 1n }), { error: undefined, made: ['bridge'], left: [] });
  assert.equal(await tried(six, { packets: 1n }), { error: undefined, made: ['inet'], left: [] });
});

test('a kernel without tables for frames tries what it shows to IP, if it does', async () => {
  assert.equal(await tried(four, { lacking: refused('EOPNOTSUPP'), packets: 1n, shown: true }), { error: undefined, made: ['bridge', 'inet'], left: [] });
  assert.equal(await tried({ ...six, way: 'bridged' }, { lacking: Object.assign(new Error(), { code: 'EAFNOSUPPORT' }), packets: 1n, shown: true }), { error: undefined, made: ['bridge', 'inet'], left: [] });
  assert.equal(await tried(four, { lacking: refused('ENOENT') }), { error: undefined, made: ['bridge'], left: [] });
  for (const lacking of [refused('EPERM'), new Error('odd')]) assert.is((await tried(four, { lacking })).error, lacking);
});

test('what does not arrive is told, with who may have dropped it; nothing is left', async () => {
  const dropping = { family: 'ip6', table: 'wall', name: 'f', hook: 'forward', type: 'filter', policy: 'drop' };
  const named = await tried(six, { packets: 0n, chains: [dropping] });
  assert.is(named.error!.code, 'ERR_FORWARD_DROPPED');
  assert.match(named.error!.message, /^what fd00::7 sends to fd00::1 is dropped on its way through the host\. These chains may drop it: ip6 wall f\./);
  const unknown = await tried(four, {});
  assert.match(unknown.error!.message, 'No chain of nf_tables drops it: look at legacy iptables');
  assert.equal([named.left, unknown.left], [[], []]);
});

test('who stops waiting leaves nothing', async () => {
  const before = descriptors();
  const { error, made, left } = await tried(four, { packets: 0n, signal: AbortSignal.timeout(400) });
  assert.equal([error!.name, made, left], ['TimeoutError', ['bridge'], []]);
  assert.is(descriptors(), before);
});

test.run();
