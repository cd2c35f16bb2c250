/** A CAN controller is a piece of hardware: `npm run test:kernels -- --kernel 6.12 --by qemu live/link/can` has one. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Link } from '../../../src/route/link/message.ts';
import { hardware, ipThere, linkThere } from '../../support/hardware.ts';
import { skip } from '../../support/skip.ts';
import { refusal } from '../../support/witness.ts';

type Can = Extract<Link, { kind: 'can' }>;

/** The options of ours in the words of `ip`. */
function inWords({ options }: Can): object {
  const { state, berrCounter, restartMs, bittiming, bittimingConst: fixed, clock, ctrlmode } = options!;
  const span = (min: number, max: number): object => ({ min, max });
  const modes = Object.entries(ctrlmode ?? {}).filter(([, on]) => on).map(([mode]) => modeWords[mode]);
  return {
    ...(modes.length > 0 ? { ctrlmode: modes } : {}), state: String(state).replace(/[A-Z]/, '-$&').toUpperCase(), berr_counter: { tx: berrCounter!.txerr, rx: berrCounter!.rxerr },
    restart_ms: restartMs,
    ...(bittiming === undefined ? {} : { bittiming: {
      bitrate: bittiming.bitrate, sample_point: (bittiming.samplePoint! / 1000).toFixed(3), tq: bittiming.tq, prop_seg: bittiming.propSeg,
      phase_seg1: bittiming.phaseSeg1, phase_seg2: bittiming.phaseSeg2, sjw: bittiming.sjw, brp: bittiming.brp,
    } }),
    bittiming_const: {
      name: fixed!.name, tseg1: span(fixed!.tseg1Min, fixed!.tseg1Max), tseg2: span(fixed!.tseg2Min, fixed!.tseg2Max), sjw: span(1, fixed!.sjwMax),
      brp: span(fixed!.brpMin, fixed!.brpMax), brp_inc: fixed!.brpInc,
    },
    clock,
  };
}

const modeWords: { readonly [mode: string]: string } = {
  loopback: 'LOOPBACK', listenOnly: 'LISTEN-ONLY', tripleSampling: 'TRIPLE-SAMPLING', oneShot: 'ONE-SHOT', berrReporting: 'BERR-REPORTING', presumeAck: 'PRESUME-ACK', ccLen8Dlc: 'CC-LEN8-DLC',
};

const nl = hardware === undefined ? undefined : openRoute({ netns: hardware });
if (nl === undefined || nl.sync.link.list({ kind: 'can' }).length === 0) {
  nl?.close();
  skip('no CAN controller: NETLINK_HARDWARE names no namespace that has one');
} else {
  test.after(() => nl.close());
  const one = async (): Promise<Can> => (await nl.link.list({ kind: 'can' })).find((link): link is Can => link.kind === 'can')!;

  /** What both say of it. */
  async function same(): Promise<Can> {
    const can = await one(), { linkinfo: { info_kind, info_data: { ctrlmode_supported, ...shown } } } = linkThere(can.name!);
    assert.is(info_kind, 'can');
    assert.equal(inWords(can), shown);
    const supported = can.options!.ctrlmodeExt!.supported!, bits = ctrlmode_supported.length;
    assert.is(supported.toString(2).replaceAll('0', '').length, bits);
    assert.is(can.options!.unknown, undefined);
    return can;
  }

  test('a CAN controller: what we set is what ip shows, and what ip sets we read', async () => {
    const { index, name } = await same();
    await nl.link.change(index, { kind: 'can', options: { bittiming: { bitrate: 500000, samplePoint: 875 }, ctrlmode: { loopback: true, oneShot: true }, restartMs: 100 } });
    const set = await same();
    assert.equal([set.options!.bittiming!.bitrate, set.options!.ctrlmode, set.options!.restartMs], [500000, { loopback: true, oneShot: true }, 100]);
    ipThere(`link set ${name} type can bitrate 125000 sample-point 0.75 loopback off listen-only on one-shot off restart-ms 0`);
    const theirs = await same();
    assert.equal([theirs.options!.bittiming!.bitrate, theirs.options!.bittiming!.samplePoint, theirs.options!.ctrlmode, theirs.options!.restartMs], [125000, 750, { listenOnly: true }, 0]);
    await nl.link.change(index, { kind: 'can', options: { ctrlmode: { loopback: true, listenOnly: false } } });
    assert.equal((await same()).options!.ctrlmode, { loopback: true });
  });

  test('it goes up and down; what cannot be changed while it is up is refused', async () => {
    const { index } = await one();
    await nl.link.up(index);
    assert.is((await same()).options!.state, 'errorActive');
    assert.is((await refusal(nl.link.change(index, { kind: 'can', options: { bittiming: { bitrate: 250000 } } }))).code, 'EBUSY');
    await nl.link.down(index);
    assert.is((await same()).options!.state, 'stopped');
  });

  test.run();
}
