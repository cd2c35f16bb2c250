/** IFLA_PROTINFO: what dumps of the bridge and of IPv6 say of a link, which `bridge link` prints. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection } from '../../../src/conversation/connection.ts';
import { dump } from '../../../src/conversation/operation.ts';
import { run } from '../../../src/conversation/run.ts';
import { openRoute, routeSockets } from '../../../src/open.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { RTM_GETLINK } from '../../../src/route/link/types.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import { installed } from '../../support/installed.ts';
import { nameless } from '../../support/nameless.ts';
import { skip } from '../../support/skip.ts';
import { json, sh } from '../../support/witness.ts';

const nl = openRoute(), connection = new Connection(routeSockets()({}), routeProtocol);
test.after(() => {
  connection.close();
  nl.close();
});
test.before(async () => {
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true, options: { stpState: 0 } });
  for (const i of [0, 1]) {
    await nl.link.add({ name: `v${i}`, kind: 'veth', up: true, options: { peer: { name: `w${i}`, up: true } } });
    await nl.link.change(`v${i}`, { master: 'br0' });
  }
});

/** What a dump of a family says, by the name of the link. */
async function told(family: 'bridge' | 'inet6'): Promise<Map<string, any>> {
  const list = await run(connection, dump('test', RTM_GETLINK, linkMessage, { family }, linkMessage), connection.call({}));
  return new Map(list.map((link: any) => [link.name, link.protinfo]));
}

const routers = ['disabled', 'tempQuery', 'perm', 'temp'];
/** What we have for a key of `bridge -d -json link`, in its words. */
function ours(port: any, key: string): unknown {
  if (key === 'fastleave') return port.fastLeave;
  const value = port[key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  return key === 'mcast_router' ? routers.indexOf(value) : value;
}
/** What the link itself has, beside its port; and what changes by itself, as groups are joined. */
const ofLink = ['mcast_n_groups', 'ifindex', 'ifname', 'flags', 'mtu', 'master', 'link', 'link_index', 'operstate', 'address'];

test('ports of a bridge: key by key, protinfo is what bridge prints', async () => {
  if (!installed('bridge')) return skip('bridge is not installed');
  await nl.link.change('v0', { portKind: 'bridge', port: { hairpin: true, guard: true, rootBlock: true, learning: false, cost: 99, priority: 7, isolated: true, mcastFlood: false, neighSuppress: true, fastLeave: true } });
  sh('bridge', 'link set dev v1 cost 77 flood off bcast_flood off mcast_to_unicast on vlan_tunnel on locked on state 1');
  const all = await told('bridge'), shown = json('bridge', 'link show');
  assert.equal(shown.map(({ ifname }) => ifname).sort(), ['v0', 'v1']);
  for (const { ifname, ...port } of shown) {
    const protinfo = all.get(ifname), keys = Object.keys(port).filter((key) => !ofLink.includes(key));
    assert.ok(keys.length >= 15, keys.join());
    assert.equal(Object.fromEntries(keys.map((key) => [key, ours(protinfo, key)])), Object.fromEntries(keys.map((key) => [key, port[key]])), ifname);
    assert.equal(nameless(protinfo.unknown), []);
  }
  assert.equal([all.get('v0').hairpin, all.get('v0').cost, all.get('v1').vlanTunnel, all.get('v1').state], [true, 99, true, 'listening']);
  // the port of the link's own message is the same thing
  const { port } = await nl.link.get('v0') as { port?: object }, { ...protinfo } = all.get('v0');
  const stays = (key: string): boolean => key in protinfo && !key.endsWith('Timer') && key !== 'mcastNGroups';
  assert.equal(Object.fromEntries(Object.entries(protinfo).filter(([key]) => stays(key))), Object.fromEntries(Object.entries(port!).filter(([key]) => stays(key))));
});

test('IPv6: protinfo is what the link itself says of that family', async () => {
  const { conf, addrGenMode, flags } = (await told('inet6')).get('v0'), { afSpec } = await nl.link.get('v0');
  assert.ok(Object.keys(conf).length >= 50);
  assert.equal([conf, addrGenMode, flags], [afSpec!.inet6!.conf, afSpec!.inet6!.addrGenMode, afSpec!.inet6!.flags]);
});

test.run();
