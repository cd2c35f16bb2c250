/** Reasons for differences, by what is found; a `*` stands for anything. */
export type Reasons = { readonly [key: string]: string };

const pattern = (key: string): RegExp =>
  new RegExp(`^${key.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);

/** The keys of a table with what they stand for. */
export const patterns = (reasons: Reasons): { key: string; fits: RegExp }[] => Object.keys(reasons).map((key) => ({ key, fits: pattern(key) }));

export const fits = (reasons: Reasons, found: string): boolean => patterns(reasons).some(({ fits }) => fits.test(found));
