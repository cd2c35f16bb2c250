/** A card with virtual functions: qemu has one since 8.0, for `npm run test:kernels -- --kernel 6.12 --by qemu live/link/vf`. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Link } from '../../../src/route/link/message.ts';
import { functionsInWords, hardware, ipThere, linkThere, makeVirtualFunctions } from '../../support/hardware.ts';
import { skip } from '../../support/skip.ts';
import { refusal } from '../../support/witness.ts';

if (hardware !== undefined) makeVirtualFunctions(3);
const nl = hardware === undefined ? undefined : openRoute({ netns: hardware });
const card = nl?.sync.link.list().find(({ numVf }) => (numVf ?? 0) > 0);
if (nl === undefined || card === undefined) {
  nl?.close();
  skip(hardware === undefined ? 'no card with virtual functions: NETLINK_HARDWARE names no namespace that has one' : 'no card with virtual functions: this qemu has none');
} else {
  test.after(() => nl.close());

  async function same(): Promise<Link> {
    const link = await nl!.link.get(card!.index);
    assert.equal(functionsInWords(link), linkThere(card!.name!).vfinfo_list);
    assert.is(link.vfinfoList!.length, link.numVf);
    assert.ok(link.vfinfoList!.every((vf) => vf.unknown === undefined));
    return link;
  }

  test('virtual functions: what we set is what ip shows, and what ip sets we read', async () => {
    await same();
    await nl.link.change(card.index, { vfinfoList: [
      { mac: { vf: 1, mac: '02:00:00:00:00:07' } }, { vlan: { vf: 1, vlan: 100, qos: 3 } }, { spoofchk: { vf: 1, setting: false } }, { trust: { vf: 1, setting: true } },
    ] });
    const { vfinfoList } = await same();
    assert.equal([vfinfoList![1]!.mac!.mac, vfinfoList![1]!.vlanList, vfinfoList![1]!.spoofchk!.setting, vfinfoList![1]!.trust!.setting],
      ['02:00:00:00:00:07', [{ vf: 1, vlan: 100, qos: 3, vlanProto: '802.1Q' }], false, true]);
    assert.is(vfinfoList![0]!.trust!.setting, false, 'the others are as they were');
    for (const words of ['mac 02:00:00:00:00:08', 'vlan 7 qos 1', 'spoofchk off', 'trust on']) ipThere(`link set ${card.name} vf 2 ${words}`);
    const theirs = (await same()).vfinfoList![2]!;
    assert.equal([theirs.mac!.mac, theirs.vlan, theirs.spoofchk!.setting, theirs.trust!.setting], ['02:00:00:00:00:08', { vf: 2, vlan: 7, qos: 1 }, false, true]);
    await nl.link.change(card.index, { vfinfoList: [{ vlan: { vf: 2, vlan: 0, qos: 0 } }] });
    assert.equal((await same()).vfinfoList![2]!.vlan, { vf: 2, vlan: 0, qos: 0 });
  });

  test('what the card does not do is refused by its name', async () => {
    assert.is((await refusal(nl.link.change(card.index, { vfinfoList: [{ mac: { vf: 99, mac: '02:00:00:00:00:07' } }] }))).code, 'EINVAL');
    assert.is((await refusal(nl.link.change(card.index, { vfinfoList: [{ linkState: { vf: 1, linkState: 'enable' } }] }))).code, 'EOPNOTSUPP');
  });

  test.run();
}
