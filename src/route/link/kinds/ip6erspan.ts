import { attributes, type Infer } from '../../../schema/attributes.ts';
import { erspanAttributes } from './erspan.ts';
import { ip6greAttributes } from './ip6gre.ts';

/** ERSPAN over IPv6. */
export const ip6erspanOptions = attributes({ ...ip6greAttributes, ...erspanAttributes });

/** What `options` holds where `kind` is 'ip6erspan'. */
export type Ip6erspanOptions = Infer<typeof ip6erspanOptions>;
