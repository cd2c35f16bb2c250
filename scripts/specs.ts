/**
 * Compares our declarations with the kernel's YAML specs and prints the report.
 *
 *     npm run specs -- FOLDER        (or NETLINK_SPECS=FOLDER)
 */
import { check, render } from '../test/specs/check.ts';

const folder = process.argv[2] ?? process.env.NETLINK_SPECS;
if (folder === undefined) {
  console.error('usage: npm run specs -- FOLDER, the folder of rt-link.yaml, tc.yaml and the others');
  process.exitCode = 2;
} else {
  const result = check(folder);
  console.log(render(result));
  if (result.differences.some(({ unexplained, stale }) => unexplained.length + stale.length > 0)) process.exitCode = 1;
}
