import assert from 'node:assert/strict';
import { routeSockets, type RouteClient } from '../../src/open.ts';
import { hardware, makeVirtualFunctions } from '../../test/support/hardware.ts';
import { refused, scenario, type Scenario, type Scenarios } from '../scenario.ts';

/** Links that nobody makes: qemu has them, and its guest's first namespace holds them. */
const there = (title: string, talk: (nl: RouteClient) => Promise<void>): Scenario => ({
  ...scenario(title, [], talk), kernel: '6.12',
  live() {
    if (hardware !== undefined) makeVirtualFunctions(3);
    return routeSockets({ netns: hardware });
  },
});

export const scenarios: Scenarios = {
  can: there('A CAN controller is looked at, set, brought up and down', async (nl) => {
    const [found] = await nl.link.list({ kind: 'can' }), { index } = found!;
    await nl.link.change(index, { kind: 'can', options: { bittiming: { bitrate: 500000, samplePoint: 875 }, ctrlmode: { loopback: true }, restartMs: 100 } });
    const set = await nl.link.get(index);
    assert.ok(set.kind === 'can');
    const { bittiming, bittimingConst, ctrlmode, restartMs, state, unknown } = set.options!;
    assert.deepEqual([bittiming!.bitrate, bittiming!.samplePoint, bittimingConst!.name, ctrlmode, restartMs, state, unknown], [500000, 875, 'sja1000', { loopback: true }, 100, 'stopped', undefined]);
    await nl.link.up(index);
    await refused(nl.link.change(index, { kind: 'can', options: { bittiming: { bitrate: 250000 } } }), 'EBUSY');
    await nl.link.down(index);
  }),
  vf: there('Virtual functions of a card are looked at and set', async (nl) => {
    const { index, numVf } = (await nl.link.list()).find((link) => (link.numVf ?? 0) > 0)!;
    await nl.link.change(index, { vfinfoList: [{ mac: { vf: 1, mac: '02:00:00:00:00:07' } }, { vlan: { vf: 1, vlan: 100, qos: 3 } }, { trust: { vf: 1, setting: true } }] });
    const { vfinfoList } = await nl.link.get(index), [first, second] = vfinfoList!;
    assert.equal(vfinfoList!.length, numVf);
    assert.deepEqual([second!.mac!.mac, second!.vlanList, second!.trust!.setting, second!.unknown], ['02:00:00:00:00:07', [{ vf: 1, vlan: 100, qos: 3, vlanProto: '802.1Q' }], true, undefined]);
    assert.deepEqual([first!.trust!.setting, first!.vlan], [false, { vf: 0, vlan: 0, qos: 0 }]);
    await refused(nl.link.change(index, { vfinfoList: [{ mac: { vf: 99, mac: '02:00:00:00:00:07' } }] }), 'EINVAL');
  }),
};
