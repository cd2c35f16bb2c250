import { attributes } from '../../schema/attributes.ts';

/** Expressions that have nothing to say: `notrack`. */
export const empty = attributes({});
