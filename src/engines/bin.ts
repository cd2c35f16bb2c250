#!/usr/bin/env node
/**
 * Starts the program, all of which is the file `main.cjs` beside this one, with what V8 has compiled of it before: that
 * is kept for each command, in a folder of root's alone. A container waits for this, so that nothing is imported here:
 * to find and to link modules takes longer than to run them. A snapshot of the heap (`--build-snapshot`) would take
 * longer still: Node 20 needs nearly a third more to start from an empty one, and seventy per cent more from one of this.
 */
const fs = process.getBuiltinModule('node:fs'), { createRequire } = process.getBuiltinModule('node:module');
const { Script } = process.getBuiltinModule('node:vm');

/** A hash of that file, which the build knows. */
declare const mainHash: string;

const folder = '/run/netlink-ts/compiled', command = process.env['CNI_COMMAND'] ?? process.argv[2] ?? '';
const kept = process.getuid!() === 0 && /^\w{1,20}$/.test(command) ? `${folder}/${mainHash}-${process.version}-${command}` : undefined;

async function start(): Promise<void> {
  const path = `${__dirname}/main.cjs`, cachedData = read(); // the real folder, whatever link it was started by
  const script = new Script(fs.readFileSync(path, 'latin1'), { filename: path, ...(cachedData ? { cachedData } : {}) });
  const { main } = script.runInThisContext()(createRequire(path)) as typeof import('./main.ts');
  const done = await main();
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) keep(kept, script.createCachedData());
  if (done) process.exit(); // at once: to collect garbage and to give all memory back takes longer than to end
}

function read(): Buffer | undefined {
  try {
    return kept === undefined ? undefined : fs.readFileSync(kept);
  } catch {
    return undefined;
  }
}

/** Written when the command is done: by now all that it needs is compiled. */
function keep(file: string, compiled: Buffer): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(`${file}.${process.pid}`, compiled, { mode: 0o600 });
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {} // a full disk makes the next start slower, that is all
}

void start();
