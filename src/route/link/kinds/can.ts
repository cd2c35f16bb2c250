import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { packed } from '../../../schema/arrays.ts';
import { choice } from '../../../schema/choice.ts';
import { masked } from '../../../schema/masked.ts';
import type { Codec } from '../../../schema/codec.ts';
import { u16, u32 } from '../../../schema/numbers.ts';
import { chars, field, struct, type StructValue } from '../../../schema/struct.ts';

/** `struct can_bittiming`: bits per second, sample point in tenths of a percent, time quanta in nanoseconds. */
const timing = struct('can_bittiming', 32, {
  bitrate: field('bitrate', 0, u32),
  samplePoint: field('sample_point', 4, u32),
  tq: field('tq', 8, u32),
  propSeg: field('prop_seg', 12, u32),
  phaseSeg1: field('phase_seg1', 16, u32),
  phaseSeg2: field('phase_seg2', 20, u32),
  sjw: field('sjw', 24, u32),
  brp: field('brp', 28, u32),
});

/** Of what is left out, the kernel finds a good value for the bit rate. */
const bittiming: Codec<{ bitrate: number } & Partial<StructValue<(typeof timing)['fields']>>> = timing;

const bittimingConst = struct('can_bittiming_const', 48, {
  name: field('name', 0, chars(16)),
  tseg1Min: field('tseg1_min', 16, u32),
  tseg1Max: field('tseg1_max', 20, u32),
  tseg2Min: field('tseg2_min', 24, u32),
  tseg2Max: field('tseg2_max', 28, u32),
  sjwMax: field('sjw_max', 32, u32),
  brpMin: field('brp_min', 36, u32),
  brpMax: field('brp_max', 40, u32),
  brpInc: field('brp_inc', 44, u32),
});

const readOnly = true;

/** Transmitter delay compensation: IFLA_CAN_TDC_. */
const tdc = attributes({
  tdcvMin: attribute('IFLA_CAN_TDC_TDCV_MIN', 1, u32, { readOnly }),
  tdcvMax: attribute('IFLA_CAN_TDC_TDCV_MAX', 2, u32, { readOnly }),
  tdcoMin: attribute('IFLA_CAN_TDC_TDCO_MIN', 3, u32, { readOnly }),
  tdcoMax: attribute('IFLA_CAN_TDC_TDCO_MAX', 4, u32, { readOnly }),
  tdcfMin: attribute('IFLA_CAN_TDC_TDCF_MIN', 5, u32, { readOnly }),
  tdcfMax: attribute('IFLA_CAN_TDC_TDCF_MAX', 6, u32, { readOnly }),
  tdcv: attribute('IFLA_CAN_TDC_TDCV', 7, u32),
  tdco: attribute('IFLA_CAN_TDC_TDCO', 8, u32),
  tdcf: attribute('IFLA_CAN_TDC_TDCF', 9, u32),
});

/** Pulse-width modulation of CAN XL: IFLA_CAN_PWM_. */
const pwm = attributes({
  pwmsMin: attribute('IFLA_CAN_PWM_PWMS_MIN', 1, u32, { readOnly }),
  pwmsMax: attribute('IFLA_CAN_PWM_PWMS_MAX', 2, u32, { readOnly }),
  pwmlMin: attribute('IFLA_CAN_PWM_PWML_MIN', 3, u32, { readOnly }),
  pwmlMax: attribute('IFLA_CAN_PWM_PWML_MAX', 4, u32, { readOnly }),
  pwmoMin: attribute('IFLA_CAN_PWM_PWMO_MIN', 5, u32, { readOnly }),
  pwmoMax: attribute('IFLA_CAN_PWM_PWMO_MAX', 6, u32, { readOnly }),
  pwms: attribute('IFLA_CAN_PWM_PWMS', 7, u32),
  pwml: attribute('IFLA_CAN_PWM_PWML', 8, u32),
  pwmo: attribute('IFLA_CAN_PWM_PWMO', 9, u32),
});

/** CAN_CTRLMODE_ of include/uapi/linux/can/netlink.h */
const ctrlmode = masked({
  loopback: ['CAN_CTRLMODE_LOOPBACK', 0x1],
  listenOnly: ['CAN_CTRLMODE_LISTENONLY', 0x2],
  tripleSampling: ['CAN_CTRLMODE_3_SAMPLES', 0x4],
  oneShot: ['CAN_CTRLMODE_ONE_SHOT', 0x8],
  berrReporting: ['CAN_CTRLMODE_BERR_REPORTING', 0x10],
  fd: ['CAN_CTRLMODE_FD', 0x20],
  presumeAck: ['CAN_CTRLMODE_PRESUME_ACK', 0x40],
  fdNonIso: ['CAN_CTRLMODE_FD_NON_ISO', 0x80],
  ccLen8Dlc: ['CAN_CTRLMODE_CC_LEN8_DLC', 0x100],
  tdcAuto: ['CAN_CTRLMODE_TDC_AUTO', 0x200],
  tdcManual: ['CAN_CTRLMODE_TDC_MANUAL', 0x400],
  restricted: ['CAN_CTRLMODE_RESTRICTED', 0x800],
  xl: ['CAN_CTRLMODE_XL', 0x1000],
  xlTdcAuto: ['CAN_CTRLMODE_XL_TDC_AUTO', 0x2000],
  xlTdcManual: ['CAN_CTRLMODE_XL_TDC_MANUAL', 0x4000],
  xlTms: ['CAN_CTRLMODE_XL_TMS', 0x8000],
}, 'mask first');

/** IFLA_CAN_ of include/uapi/linux/can/netlink.h: a CAN controller. Changes are taken while it is down. */
export const canOptions = attributes({
  bittiming: attribute('IFLA_CAN_BITTIMING', 1, bittiming),
  bittimingConst: attribute('IFLA_CAN_BITTIMING_CONST', 2, bittimingConst, { readOnly }),
  /** Hertz. */
  clock: attribute('IFLA_CAN_CLOCK', 3, u32, { readOnly }),
  state: attribute('IFLA_CAN_STATE', 4, choice(u32, {
    errorActive: ['CAN_STATE_ERROR_ACTIVE', 0],
    errorWarning: ['CAN_STATE_ERROR_WARNING', 1],
    errorPassive: ['CAN_STATE_ERROR_PASSIVE', 2],
    busOff: ['CAN_STATE_BUS_OFF', 3],
    stopped: ['CAN_STATE_STOPPED', 4],
    sleeping: ['CAN_STATE_SLEEPING', 5],
  }), { readOnly }),
  ctrlmode: attribute('IFLA_CAN_CTRLMODE', 5, ctrlmode),
  restartMs: attribute('IFLA_CAN_RESTART_MS', 6, u32),
  restart: attribute('IFLA_CAN_RESTART', 7, u32),
  berrCounter: attribute('IFLA_CAN_BERR_COUNTER', 8, struct('can_berr_counter', 4, {
    txerr: field('txerr', 0, u16),
    rxerr: field('rxerr', 2, u16),
  }), { readOnly }),
  dataBittiming: attribute('IFLA_CAN_DATA_BITTIMING', 9, bittiming),
  dataBittimingConst: attribute('IFLA_CAN_DATA_BITTIMING_CONST', 10, bittimingConst, { readOnly }),
  /** Ohms, 0 for none. */
  termination: attribute('IFLA_CAN_TERMINATION', 11, u16),
  terminationConst: attribute('IFLA_CAN_TERMINATION_CONST', 12, packed(u16), { readOnly }),
  bitrateConst: attribute('IFLA_CAN_BITRATE_CONST', 13, packed(u32), { readOnly }),
  dataBitrateConst: attribute('IFLA_CAN_DATA_BITRATE_CONST', 14, packed(u32), { readOnly }),
  bitrateMax: attribute('IFLA_CAN_BITRATE_MAX', 15, u32, { readOnly }),
  tdc: attribute('IFLA_CAN_TDC', 16, tdc),
  ctrlmodeExt: attribute('IFLA_CAN_CTRLMODE_EXT', 17, attributes({
    supported: attribute('IFLA_CAN_CTRLMODE_SUPPORTED', 1, u32),
  }), { readOnly }),
  xlDataBittiming: attribute('IFLA_CAN_XL_DATA_BITTIMING', 18, bittiming),
  xlDataBittimingConst: attribute('IFLA_CAN_XL_DATA_BITTIMING_CONST', 19, bittimingConst, { readOnly }),
  xlDataBitrateConst: attribute('IFLA_CAN_XL_DATA_BITRATE_CONST', 20, packed(u32), { readOnly }),
  xlTdc: attribute('IFLA_CAN_XL_TDC', 21, tdc),
  xlPwm: attribute('IFLA_CAN_XL_PWM', 22, pwm),
});

/** What `options` holds where `kind` is 'can'. */
export type CanOptions = Infer<typeof canOptions>;
