import assert from 'node:assert/strict';
import type { RouteInput } from '../../src/route/route/message.ts';
import { openRoute, routeSockets } from '../../src/open.ts';
import { loadProgram } from '../../test/support/bpf.ts';
import { scenario, upPairWithAddresses, v0, type Scenario, type Scenarios } from '../scenario.ts';

/** Routes whose packets are wrapped: made, listed with all that was given, deleted as listed and made again from that. */
const wrapped = (title: string, ...routes: RouteInput[]): Scenario =>
  scenario(title, upPairWithAddresses, async (nl) => {
    for (const route of routes) await nl.route.add(route);
    for (const { dst, encapType, encap } of routes) {
      const [found] = await nl.route.list({ dst: dst! });
      assert.equal(found!.encapType, encapType);
      assert.equal((found!.encap as { unknown?: unknown }).unknown, undefined);
      for (const [key, value] of Object.entries(encap!)) assert.deepEqual((found!.encap as Record<string, unknown>)[key], value, `${dst} ${key}`);
      await nl.route.delete(found!);
      await nl.route.add(found!);
    }
  });

const segments = ['fc00::1', 'fc00::2'];

export const scenarios: Scenarios = {
  'ip': wrapped('Routes whose packets go through a tunnel of IPv4',
    { dst: '10.1.0.0/16', dev: v0, encapType: 'ip', encap: { id: 30n, dst: '192.0.2.1', ttl: 9, tos: 8, flags: { csum: true } } },
    { dst: '10.2.0.0/16', dev: v0, encapType: 'ip', encap: { id: 31n, dst: '192.0.2.1', opts: { vxlan: { gbp: 5 } } } }),
  'ip6': wrapped('A route whose packets go through a tunnel of IPv6',
    { dst: '10.1.0.0/16', dev: v0, encapType: 'ip6', encap: { id: 30n, dst: 'fc00::5', hoplimit: 9, tc: 8 } }),
  'seg6': wrapped('Routes that put a segment routing header before their packets, or into them',
    { dst: 'fc01::/64', dev: v0, encapType: 'seg6', encap: { srh: { mode: 'encap', segments } } },
    { dst: 'fc02::/64', dev: v0, encapType: 'seg6', encap: { srh: { mode: 'inline', segments: [...segments, '::'] } } }),
  'seg6local': wrapped('What is done with packets whose segment has come',
    { dst: 'fc01::/64', dev: v0, encapType: 'seg6local', encap: { action: 'End.DX4', nh4: '192.0.2.1' } },
    { dst: 'fc02::/64', dev: v0, encapType: 'seg6local', encap: { action: 'End.T', table: 77 } },
    { dst: 'fc03::/64', dev: v0, encapType: 'seg6local', encap: { action: 'End', flavors: { operations: { psp: true } } } }),
  'mpls': { kernel: '6.1', ...wrapped('Routes whose packets get MPLS labels',
    { dst: '10.1.0.0/16', dev: v0, encapType: 'mpls', encap: { labels: [100, 200], ttl: 8 } },
    { dst: 'fc01::/64', dev: v0, encapType: 'mpls', encap: { labels: [1048575] } }) },
  'ila': { kernel: '6.1', ...wrapped('Routes that write a locator into the addresses of their packets',
    { dst: 'fc01::/64', dev: v0, encapType: 'ila', encap: { locator: 0x0001000200030004n, csumMode: 'no-action', identType: 'luid', hookType: 'output' } },
    { dst: 'fc02::/64', dev: v0, encapType: 'ila', encap: { locator: 0xfc00000000000009n, csumMode: 'adj-transport', identType: 'luid', hookType: 'input' } }) },
  'bpf': {
    ...scenario('A route whose packets pass a program is listed and deleted', upPairWithAddresses, async (nl) => {
      const [found] = await nl.route.list({ dst: '10.1.0.0/16' });
      assert.deepEqual([found!.encapType, found!.encap], ['bpf', { out: { name: 'passes' } }]);
      await nl.route.delete(found!);
      assert.deepEqual(await nl.route.list({ dst: '10.1.0.0/16' }), []);
    }),
    live() { // the number of a descriptor is another each time
      using nl = openRoute();
      const fd = loadProgram('lwtOut', 0);
      if (typeof fd === 'string') throw new Error(fd);
      nl.sync.route.add({ dst: '10.1.0.0/16', dev: v0, encapType: 'bpf', encap: { out: { fd, name: 'passes' } } });
      return routeSockets();
    },
  },
  'xfrm': { kernel: '6.12', ...wrapped('Routes whose packets go through an IPsec interface that is named by number',
    { dst: '10.1.0.0/16', dev: v0, encapType: 'xfrm', encap: { ifId: 1 } },
    { dst: 'fc01::/64', dev: v0, encapType: 'xfrm', encap: { ifId: 2, link: v0 } }) },
};
