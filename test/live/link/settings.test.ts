import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';

const nl = openRoute();
test.after(() => nl.close());
test.before(async () => {
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
});

/** Where /proc/sys has another word than the kernel's headers. */
const words: { readonly [name: string]: string } = {
  srcVmark: 'src_valid_mark', arpfilter: 'arp_filter', noxfrm: 'disable_xfrm', nopolicy: 'disable_policy',
  hoplimit: 'hop_limit', mtu6: 'mtu', rtrSolicits: 'router_solicitations', rtrSolicitInterval: 'router_solicitation_interval', rtrSolicitDelay: 'router_solicitation_delay',
  rtrSolicitMaxInterval: 'router_solicitation_max_interval', rtrProbeInterval: 'router_probe_interval',
};
/** Seconds there, milliseconds in a link. */
const inSeconds = ['rtrSolicitInterval', 'rtrSolicitDelay', 'rtrSolicitMaxInterval', 'rtrProbeInterval'];

const place = (family: 'ipv4' | 'ipv6', name: string): string =>
  `/proc/sys/net/${family}/conf/v0/${words[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** Compares each setting that the link tells of with its file; how many there were. */
async function compare(family: 'ipv4' | 'ipv6'): Promise<number> {
  const { afSpec } = await nl.link.get('v0'), wrong: string[] = [];
  let compared = 0;
  for (const [name, value] of Object.entries((family === 'ipv4' ? afSpec!.inet!.conf : afSpec!.inet6!.conf) ?? {})) {
    const path = place(family, name);
    if (!existsSync(path)) continue;
    let text: string;
    try {
      text = readFileSync(path, 'utf8').trim();
    } catch {
      continue; // stable_secret, until it is set
    }
    const there = Number(text) * (inSeconds.includes(name) ? 1000 : 1) | 0; // a link has them all signed, the file some as unsigned
    if (there !== value) wrong.push(`${name}: ${value}, ${path} has ${text}`);
    compared++;
  }
  assert.equal(wrong, []);
  return compared;
}

test('settings of IPv4: each is what /proc/sys has, and what is set is there', async () => {
  assert.ok(await compare('ipv4') >= 25);
  const conf = { forwarding: 1, rpFilter: 2, arpAnnounce: 2, arpIgnore: 3, arpNotify: 1, proxyArp: 1, mediumId: 7, routeLocalnet: 1, acceptLocal: 1, arpAccept: 1, noxfrm: 1, promoteSecondaries: 0 };
  await nl.link.change('v0', { afSpec: { inet: { conf } } });
  for (const [name, value] of Object.entries(conf)) assert.is(Number(readFileSync(place('ipv4', name), 'utf8')), value, name);
  assert.ok(await compare('ipv4') >= 25);
});

test('settings of IPv6: each is what /proc/sys has, whatever that is', async () => {
  assert.ok(await compare('ipv6') >= 40);
  const other = { hoplimit: 77, acceptRa: 2, dadTransmits: 3, rtrSolicits: 5, rtrSolicitInterval: 6, rtrSolicitDelay: 2, useTempaddr: 2, tempValidLft: 1000, tempPreferedLft: 900, maxAddresses: 9, proxyNdp: 1, keepAddrOnDown: 1, ndiscTclass: 9 };
  for (const [name, value] of Object.entries(other)) writeFileSync(place('ipv6', name), `${value}`);
  assert.ok(await compare('ipv6') >= 40);
});

test('settings of IPv6 that a link is given as it was listed are not sent; /proc/sys takes them', async () => {
  const { conf } = (await nl.link.get('v0')).afSpec!.inet6!, sent: string[] = [];
  nl.trace = (text) => void sent.push(text);
  await nl.link.change('v0', { afSpec: { inet6: { addrGenMode: 'eui64', conf: { ...conf, hoplimit: 55 } } as object } });
  nl.trace = false;
  assert.match(sent.join(), 'IFLA_INET6_ADDR_GEN_MODE');
  assert.not.match(sent.join(), 'IFLA_INET6_CONF');
  assert.is((await nl.link.get('v0')).afSpec!.inet6!.conf!.hoplimit, 77);
  netns.sysctl.set('/proc/self/ns/net', 'net/ipv6/conf/v0/hop_limit', 55);
  assert.is((await nl.link.get('v0')).afSpec!.inet6!.conf!.hoplimit, 55);
});

test.run();
