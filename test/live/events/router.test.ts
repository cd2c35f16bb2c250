import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLibc } from '../../../src/ffi/load.ts';
import { openRoute } from '../../../src/open.ts';
import { waitForDad } from '../../../src/route/addr/ready.ts';
import type { NdOption } from '../../../src/route/announced/nduseropt.ts';
import { sh } from '../../support/witness.ts';

const AF_INET6 = 10, SOCK_RAW = 3, IPPROTO_ICMPV6 = 58, IPPROTO_IPV6 = 41, IPV6_MULTICAST_HOPS = 18;

const nl = openRoute(), libc = openLibc();
test.after(() => nl.close());

/** A router advertisement that leaves by the link: a prefix fc00:77::/64 for 7200 and 3600 s, a name server 2001:db8::53. */
function advertise(index: number): void {
  const fd = libc.socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
  assert.ok(fd >= 0, `socket: ${fd}`);
  try {
    assert.is(libc.setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, new Uint8Array(Int32Array.of(255).buffer)), 0);
    const to = Buffer.alloc(28);
    new Uint16Array(to.buffer, to.byteOffset)[0] = AF_INET6;
    to.set(Buffer.from('ff020000000000000000000000000001', 'hex'), 8);
    new Uint32Array(to.buffer, to.byteOffset)[6] = index;
    const message = Buffer.from([
      '86000000 40000708 00000000 00000000', // the kernel fills in the checksum; 1800 s
      '030440c0 00001c20 00000e10 00000000 fc000077 00000000 00000000 00000000',
      '19030000 00000258 20010db8 00000000 00000000 00000053'].join('').replaceAll(' ', ''), 'hex');
    assert.is(libc.sendto(fd, message, message.length, 0, to), message.length);
  } finally {
    libc.close(fd);
  }
}

test('what a router announces comes as events: its prefix, and the options that are for programs', async () => {
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
  sh('sysctl', '-qw net.ipv6.conf.v0.accept_ra=1 net.ipv6.conf.v0.accept_ra_from_local=1 net.ipv6.conf.v1.accept_ra=0');
  for (const name of ['v0', 'v1']) await nl.link.change(name, { up: true });
  for (const name of ['v0', 'v1']) await waitForDad(nl, name);
  const v0 = (await nl.link.get('v0')).index, v1 = await nl.link.get('v1');
  const [router] = (await nl.addr.list({ dev: 'v1', family: 'inet6' })).map(({ address }) => address.replace(/\/.*/, ''));
  using events = nl.events(['prefix', 'nduseropt']);
  advertise(v1.index);
  const seen = new Set<string>();
  for await (const event of events) {
    if (event.type === 'prefix') {
      const { index, address, length, cacheinfo, flags } = event.prefix;
      assert.equal([event.action, index, address, length, cacheinfo], ['new', v0, 'fc00:77::', 64, { preferredLft: 3600, validLft: 7200 }]);
      assert.equal([flags.onlink, flags.autoconf], [true, true]);
    } else if (event.type === 'nduseropt') {
      const { index, icmpType, source, options } = event.nduseropt;
      assert.equal([index, icmpType, source], [v0, 134, router]);
      assert.is(options.length, 1);
      const [{ type, data }] = options as [NdOption];
      if (type !== 25) continue; // newer kernels hand the prefix on as well
      assert.is(Buffer.from(data).toString('hex'), '00000000025820010db8000000000000000000000053');
    }
    seen.add(event.type);
    if (seen.size === 2) break;
  }
  assert.equal([...seen].sort(), ['nduseropt', 'prefix']);
});

test.run();
