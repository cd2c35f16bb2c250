import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { limited } from '../../../schema/limited.ts';
import { u16, u32, u8 } from '../../../schema/numbers.ts';
import { greAttributes } from './gre.ts';

/** What an ERSPAN header holds, after IFLA_GRE_ of include/uapi/linux/if_tunnel.h. */
export const erspanAttributes = {
  erspanIndex: attribute('IFLA_GRE_ERSPAN_INDEX', 21, limited(u32, 0, 0xfffff)),
  erspanVer: attribute('IFLA_GRE_ERSPAN_VER', 22, u8),
  erspanDir: attribute('IFLA_GRE_ERSPAN_DIR', 23, choice(u8, {
    ingress: ['ERSPAN_DIR_INGRESS', 0],
    egress: ['ERSPAN_DIR_EGRESS', 1],
  })),
  erspanHwid: attribute('IFLA_GRE_ERSPAN_HWID', 24, u16),
};

export const erspanOptions = attributes({ ...greAttributes, ...erspanAttributes });

/** What `options` holds where `kind` is 'erspan'. */
export type ErspanOptions = Infer<typeof erspanOptions>;
