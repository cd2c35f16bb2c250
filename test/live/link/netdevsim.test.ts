/** A simulated card, with more virtual functions than qemu's: `npm run test:kernels -- --kernel 6.12 --by qemu live/link/netdevsim`, with what scripts/kernels/modules.sh has built. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Link } from '../../../src/route/link/message.ts';
import { functionsInWords, simulate, unsimulate } from '../../support/hardware.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, sh } from '../../support/witness.ts';

const id = 77, count = 128, reason = absent('ip') ?? simulate(id, count);
if (reason !== undefined) skip(reason);
else {
  const nl = openRoute(), card = nl.sync.link.list().find(({ numVf }) => numVf === count)!;
  test.after(() => {
    nl.close();
    unsimulate(id);
  });

  async function same(): Promise<Link> {
    const link = await nl.link.get(card.index);
    assert.is(link.vfinfoList!.length, count);
    const ours = functionsInWords(link).map((words, i) => ({ ...words, query_rss_en: link.vfinfoList![i]!.rssQueryEn!.setting }));
    assert.equal(ours, json('ip', `-statistics link show dev ${card.name}`)[0].vfinfo_list);
    assert.ok(link.vfinfoList!.every((vf) => vf.unknown === undefined));
    return link;
  }

  test('128 virtual functions: the buffers have room for all of them, and each is what ip says of it', async () => {
    await same();
    assert.is((await nl.link.list()).find(({ index }) => index === card.index)!.vfinfoList!.length, count);
    assert.is(nl.sync.link.get(card.index).vfinfoList!.length, count);
  });

  test('each is set by us as ip shows it, and by ip as we read it', async () => {
    const at = (vf: number): string => `02:00:00:00:01:${vf.toString(16).padStart(2, '0')}`;
    await nl.link.change(card.index, { vfinfoList: Array.from({ length: count }, (_, vf) => ({ mac: { vf, mac: at(vf) } })) });
    await nl.link.change(card.index, { vfinfoList: [{ vlanList: [{ vf: 100, vlan: 7, qos: 3, vlanProto: '802.1ad' }] }, { rate: { vf: 101, minTxRate: 5, maxTxRate: 90 } }, { linkState: { vf: 102, linkState: 'disable' } }, { rssQueryEn: { vf: 103, setting: true } }] });
    const ours = (await same()).vfinfoList!;
    assert.equal(ours.map(({ mac }) => mac!.mac), Array.from({ length: count }, (_, vf) => at(vf)));
    assert.equal([ours[100]!.vlanList![0]!.vlan, ours[101]!.rate!.maxTxRate, ours[102]!.linkState!.linkState, ours[103]!.rssQueryEn!.setting], [7, 90, 'disable', true]);
    for (const words of ['mac 02:00:00:00:02:00', 'spoofchk on', 'trust on', 'state enable']) sh('ip', `link set ${card.name} vf 127 ${words}`);
    const theirs = (await same()).vfinfoList![127]!;
    assert.equal([theirs.mac!.mac, theirs.spoofchk!.setting, theirs.trust!.setting, theirs.linkState!.linkState], ['02:00:00:00:02:00', true, true, 'enable']);
  });

  test.run();
}
