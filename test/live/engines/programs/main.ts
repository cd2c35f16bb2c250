import { writeFileSync } from 'node:fs';
import { main } from '../../../../src/engines/main.ts';

/** `main.ts CALLS`: the program is called with the words of each, as if it was started anew; behind what it says, on both streams, comes a line of its exit code. */
const calls = JSON.parse(process.argv[2]!) as [words: string[], variables: object][];
for (const [words, variables] of calls) {
  process.argv.splice(2, process.argv.length, ...words);
  Object.assign(process.env, variables);
  process.exitCode = 0;
  await main();
  for (const fd of [1, 2]) writeFileSync(fd, `= ${process.exitCode}\n`);
  for (const name of Object.keys(variables)) delete process.env[name];
}
