import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { bool16, u16 } from '../../../schema/numbers.ts';

/** IFLA_IPOIB_ of include/uapi/linux/if_link.h. */
export const ipoibOptions = attributes({
  pkey: attribute('IFLA_IPOIB_PKEY', 1, u16),
  mode: attribute('IFLA_IPOIB_MODE', 2, choice(u16, {
    datagram: ['IPOIB_MODE_DATAGRAM', 0],
    connected: ['IPOIB_MODE_CONNECTED', 1],
  })),
  umcast: attribute('IFLA_IPOIB_UMCAST', 3, bool16),
});

/** What `options` holds where `kind` is 'ipoib'. */
export type IpoibOptions = Infer<typeof ipoibOptions>;
