import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { mac6 } from '../../../schema/leaves.ts';
import { u16, u32, u8 } from '../../../schema/numbers.ts';

const readOnly = true;

/** IFLA_HSR_ of include/uapi/linux/if_link.h: two rings as one link; `slave1`, `slave2` and `interlink` are indexes. */
export const hsrOptions = attributes({
  slave1: attribute('IFLA_HSR_SLAVE1', 1, u32),
  slave2: attribute('IFLA_HSR_SLAVE2', 2, u32),
  /** The last byte of the supervision address. */
  multicastSpec: attribute('IFLA_HSR_MULTICAST_SPEC', 3, u8),
  supervisionAddr: attribute('IFLA_HSR_SUPERVISION_ADDR', 4, mac6, { readOnly }),
  seqNr: attribute('IFLA_HSR_SEQ_NR', 5, u16, { readOnly }),
  version: attribute('IFLA_HSR_VERSION', 6, u8),
  protocol: attribute('IFLA_HSR_PROTOCOL', 7, choice(u8, {
    hsr: ['HSR_PROTOCOL_HSR', 0],
    prp: ['HSR_PROTOCOL_PRP', 1],
  })),
  interlink: attribute('IFLA_HSR_INTERLINK', 8, u32),
});

/** What `options` holds where `kind` is 'hsr'. */
export type HsrOptions = Infer<typeof hsrOptions>;
