/**
 * A program: it undoes what a plan has done when the process that applied it is gone, or has not confirmed it in time.
 * It reads `wait MILLISECONDS` and `keep` from its standard input; the end of that without `keep` is the other's death.
 */
import { createInterface } from 'node:readline';
import type { HostOptions } from '../host.ts';
import { openHost } from '../host.ts';
import type { HelperOrder } from './guard.ts';
import { readJournal, removeJournal } from './journal.ts';
import { undoSteps } from './undo.ts';

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // meant for the other
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // the other is gone

const order = JSON.parse(process.argv[2]!) as HelperOrder;
const open = (fd: number) => openHost({ netns: { fd }, ffi: order.ffi as HostOptions['ffi'] });
const places = {
  host: open(order.places.host),
  ...(order.places.container !== undefined && { container: open(order.places.container) }),
};
let decided = false;
let timer: NodeJS.Timeout | undefined;

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  if (decided) return;
  const [word, milliseconds] = line.split(' ');
  if (word === 'wait') timer = setTimeout(() => void undo(), Number(milliseconds));
  if (word === 'keep') decide(() => process.stdout.write('kept\n', () => process.exit(0)));
});
input.on('close', () => void undo());
process.stdout.write('ready\n');

async function undo(): Promise<void> {
  if (decided) return;
  decide(() => {});
  const failures = await undoSteps(readJournal(order.journal), places);
  for (const { where, call, error } of failures)
    process.stderr.write(`${call} in the ${where}: ${(error as Error).message}\n`);
  if (failures.length === 0) removeJournal(order.journal, order.ownFolder);
  process.stdout.write(failures.length === 0 ? 'undone\n' : 'failed\n', () => process.exit(failures.length === 0 ? 0 : 1));
}

function decide(then: () => void): void {
  decided = true;
  clearTimeout(timer);
  then();
}
