/** Lists many routes again and again, with little memory. */
import { openRoute } from '../../../../src/open.ts';

using nl = openRoute();
await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
const dst = (i: number): string => `10.${i >> 8}.${i & 255}.0/24`, count = 20_000;
for (let from = 0; from < count; from += 1000)
  await nl.batch((b) => Array.from({ length: 1000 }, (_, i) => b.route.add({ dst: dst(from + i), dev: 'br0', table: 77 })));
let seen = 0;
for (let round = 0; round < 20; round++) seen += (await nl.route.list({ table: 77 })).length + nl.sync.route.list({ table: 77 }).length;
console.log(seen);
await nl.link.delete('br0'); // and its routes with it
