/** Files of src/ that the tests run less of than scripts/coverage.ts wants, and why that is left so. */
export const reasons: Readonly<Record<string, string>> = {
  'src/bytes/memory.ts': 'half of the branches are for machines that store the highest byte first',
  'src/route/tc/header.ts': 'all of its branches are for machines that store the highest byte first',
  'src/ffi/node-ffi.ts': 'node:ffi is in Node 26 and later: npm run test:nodes runs it there',
};
