/** Files of src/ that the tests run less of than scripts/coverage.ts wants, and why that is left so. */
export const reasons: Readonly<Record<string, string>> = {};
