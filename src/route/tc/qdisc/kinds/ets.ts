import { list } from '../../../../schema/arrays.ts';
import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u32, u8 } from '../../../../schema/numbers.ts';

/** `tc qdisc ... ets [bands N] [strict N] [quanta Q1 Q2 ...] [priomap P1 P2 ...]` */
export const etsQdisc = attributes({
  bands: attribute('TCA_ETS_NBANDS', 1, u8),
  strict: attribute('TCA_ETS_NSTRICT', 2, u8),
  quanta: attribute('TCA_ETS_QUANTA', 3, list('TCA_ETS_QUANTA_BAND', u32, 4)),
  priomap: attribute('TCA_ETS_PRIOMAP', 5, list('TCA_ETS_PRIOMAP_BAND', u8, 6)),
});

/** `tc class ... ets [quantum B]` */
export const etsClass = attributes({ quantum: attribute('TCA_ETS_QUANTA_BAND', 4, u32) });
