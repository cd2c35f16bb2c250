import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openRoute } from '../../../src/open.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { decoded, encoded } from '../../support/bytes.ts';

const IFLA_VF = { info: 1, mac: 1, vlan: 2, txRate: 3, spoofchk: 4, linkState: 5, rate: 6, stats: 8, trust: 9, vlanList: 12, broadcast: 13 };
const IFLA_IFNAME = 3, IFLA_NUM_VF = 21, IFLA_VFINFO_LIST = 22, RTM_NEWLINK = 16;

const u32s = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
function nla(type: number, ...payload: Buffer[]): Buffer {
  const inner = Buffer.concat(payload), bytes = Buffer.alloc((inner.length + 4 + 3) & ~3);
  bytes.set(new Uint8Array(Uint16Array.of(inner.length + 4, type).buffer));
  bytes.set(inner, 4);
  return bytes;
}

/** What rtnl_fill_vfinfo() of net/core/rtnetlink.c writes for one virtual function. */
const virtualFunction = (vf: number): Buffer => nla(IFLA_VF.info,
  nla(IFLA_VF.mac, u32s(vf), Buffer.from([2, 0, 0, 0, vf >> 8, vf & 0xff]), Buffer.alloc(26)),
  nla(IFLA_VF.broadcast, Buffer.from('ffffffffffff', 'hex'), Buffer.alloc(26)),
  nla(IFLA_VF.vlan, u32s(vf, vf, 3)),
  nla(IFLA_VF.rate, u32s(vf, 10, 1000)),
  nla(IFLA_VF.txRate, u32s(vf, 1000)),
  nla(IFLA_VF.spoofchk, u32s(vf, 1)),
  nla(IFLA_VF.linkState, u32s(vf, 1)),
  nla(IFLA_VF.trust, u32s(vf, vf & 1)),
  nla(IFLA_VF.vlanList, nla(1, u32s(vf, vf, 3, 0x0081))),
  nla(IFLA_VF.stats, ...[0, 1, 2, 3, 4, 5, 7, 8].map((type) => nla(type, u32s(vf * 10 + type, 0)))));

const vfs = 128;
const payload = Buffer.concat([
  u32s(0x00010000, 7, 0x1, 0), // struct ifinfomsg: ARPHRD_ETHER, index 7, IFF_UP
  nla(IFLA_IFNAME, Buffer.from('pf0\0')), nla(IFLA_NUM_VF, u32s(vfs)),
  nla(IFLA_VFINFO_LIST, ...Array.from({ length: vfs }, (_, vf) => virtualFunction(vf))),
]);

/** A kernel with one link, which answers each request with all it has. */
function kernel(sizes: number[]): Transport {
  let waiting: Uint8Array | undefined;
  return {
    protocol: 0, port: 1, sendLimit: 65536, receiveLimit: 212_992,
    send(bytes) {
      const { buffer, byteOffset } = bytes.slice(), [, , sequence] = new Uint32Array(buffer, byteOffset, 4);
      waiting = Buffer.concat([u32s(16 + payload.length, RTM_NEWLINK, sequence!, 1), payload]);
    },
    receive(datagram) {
      if (!waiting) return -errno.EAGAIN;
      sizes.push(datagram.memory.bytes.length);
      datagram.memory.bytes.set(waiting.subarray(0, datagram.memory.bytes.length));
      datagram.sender = 0;
      const { length } = waiting;
      waiting = undefined;
      return length;
    },
    wait: () => false,
    watch: () => ({ start() {}, stop() {}, ref() {}, unref() {}, close() {} }),
    join() {}, leave() {}, openNamespace: () => 3, closeNamespace() {}, close() {},
  };
}

test('a setting that the driver does not have is null, not true, and goes back as it came', () => {
  const one = (setting: number): Buffer => Buffer.concat([u32s(0x00010000, 7, 0, 0), nla(IFLA_VFINFO_LIST, nla(IFLA_VF.info, nla(IFLA_VF.trust, u32s(5, setting))))]);
  for (const [number, setting] of [[0xffffffff, null], [0, false], [1, true]] as const) {
    const link = decoded(linkMessage, one(number).toString('hex'));
    assert.equal((link as { vfinfoList?: unknown }).vfinfoList, [{ trust: { vf: 5, setting } }]);
    assert.ok(encoded(linkMessage, link).endsWith(one(number).toString('hex').slice(-24)));
  }
});

test('128 virtual functions of a device come whole, though they are more than the buffer holds', async () => {
  const sizes: number[] = [];
  using nl = openRoute({ transport: kernel(sizes), buffer: 8192 });
  const link = await nl.link.get(7);
  assert.ok(payload.length > 32768, `${payload.length}`);
  assert.equal([sizes[0], sizes.length > 1 && sizes.at(-1)! > payload.length], [8192, true], `${sizes}`);
  assert.is(link.numVf, vfs);
  assert.is(link.vfinfoList!.length, vfs);
  link.vfinfoList!.forEach((one, vf) => {
    assert.equal(one.mac, { vf, mac: `02:00:00:00:${[vf >> 8, vf & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}` });
    assert.equal([one.vlan, one.rate, one.trust], [{ vf, vlan: vf, qos: 3 }, { vf, minTxRate: 10, maxTxRate: 1000 }, { vf, setting: (vf & 1) === 1 }]);
    assert.equal([one.linkState, one.spoofchk, one.broadcast], [{ vf, linkState: 'enable' }, { vf, setting: true }, 'ff:ff:ff:ff:ff:ff']);
    assert.equal([one.vlanList, one.stats!.txDropped, one.unknown], [[{ vf, vlan: vf, qos: 3, vlanProto: '802.1Q' }], BigInt(vf * 10 + 8), undefined]);
  });
  assert.is(nl.sync.link.get(7).vfinfoList!.length, vfs);
});

test('a setting of a virtual function is what ip sends for it', () => {
  const input = { index: 7, type: 'none', flags: {}, vfinfoList: [{ mac: { vf: 5, mac: '02:00:00:00:00:07' } }, { vlan: { vf: 5, vlan: 100, qos: 3 } }] } as never;
  // `ip link set dev 7 vf 5 mac 02:00:00:00:00:07` and `vf 5 vlan 100 qos 3`
  const text = encoded(linkMessage, input).replaceAll(' ', '');
  assert.ok(text.includes(nla(IFLA_VF.mac, u32s(5), Buffer.from('020000000007', 'hex'), Buffer.alloc(26)).toString('hex')), text);
  assert.ok(text.includes(nla(IFLA_VF.vlan, u32s(5, 100, 3)).toString('hex')), text);
  assert.equal(decoded(linkMessage, text).vfinfoList, [{ mac: { vf: 5, mac: '02:00:00:00:00:07' } }, { vlan: { vf: 5, vlan: 100, qos: 3 } }]);
});

test.run();
