import type { RawAttribute } from '../../src/schema/attributes.ts';

/**
 * Attributes that have no name here, but for those without a payload: kernels for processors that want 64 bits on borders
 * of 64 bits, and user-mode-linux, put such before them.
 */
export const nameless = (unknown: readonly RawAttribute[] | undefined): RawAttribute[] => (unknown ?? []).filter(({ data }) => data.length > 0);
