import { attributes } from '../../../schema/attributes.ts';

/** Kinds without options of their own; what a later kernel gives them is kept as attributes by number. */
export const plainOptions = attributes({});
