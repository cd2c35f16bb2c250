#!/usr/bin/env node
/**
 * Starts the program, which is the files `main.cjs` and `rest.cjs` beside this one, with what V8 has compiled of them
 * before: that is kept for each command, in a folder of root's alone. A container waits for this, so that nothing is
 * imported here: to find and to link modules takes longer than to run them. A snapshot of the heap (`--build-snapshot`)
 * would take longer still: Node 20 needs nearly a third more to start from an empty one, and seventy per cent more from
 * one of this.
 */
const fs = process.getBuiltinModule('node:fs'), { Script } = process.getBuiltinModule('node:vm');

/** A hash of those files, which the build knows. */
declare const mainHash: string;

type Require = (name: string) => unknown;
interface Main {
  readonly main: typeof import('./main.ts').main;
  /** What the rest needs of what is loaded. */
  shared(): object;
}
interface Rest {
  readonly files: { readonly [path: string]: () => unknown };
}

const folder = '/run/netlink-ts/compiled', command = process.env['CNI_COMMAND'] ?? process.argv[2] ?? '';
const kept = process.getuid!() === 0 && /^\w{1,20}$/.test(command) ? `${folder}/${mainHash}-${process.version}-${command}` : undefined;
const compiled: (() => void)[] = [];
let memory = Buffer.allocUnsafeSlow(1 << 20);

async function start(): Promise<void> {
  let rest: Rest | undefined;
  const needed: Require = (name) => name === 'shared' ? shared() : name.startsWith('rest:') ? fromRest(name.slice(5)) : require(name);
  const fromRest: Require = (path) => (rest ??= load<Rest>('rest', needed)).files[path]!();
  const { main, shared } = load<Main>('main', needed);
  const end = await main();
  for (const keep of compiled) keep(); // by now all that the command needs is compiled
  end?.();
}

function load<T>(name: string, needed: Require): T {
  const path = `${__dirname}/${name}.cjs`, file = `${kept}-${name}`; // the real folder, whatever link it was started by
  const source = read(path)!.toString('latin1'), cachedData = kept === undefined ? undefined : read(file);
  const script = new Script(source, { filename: path, ...(cachedData ? { cachedData } : {}) });
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) compiled.push(() => keep(file, script.createCachedData()));
  return script.runInThisContext()(needed, process.getBuiltinModule('node:url').pathToFileURL(path).href) as T;
}

/** What stands in a file, until the next one is read: it is the same memory, as new memory takes its time. */
function read(file: string): Buffer | undefined {
  try {
    const fd = fs.openSync(file, 'r'), length = fs.fstatSync(fd).size;
    if (length > memory.length) memory = Buffer.allocUnsafeSlow(length);
    fs.readSync(fd, memory);
    fs.closeSync(fd);
    return memory.subarray(0, length);
  } catch {
    return undefined;
  }
}

function keep(file: string, data: Buffer): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(`${file}.${process.pid}`, data, { mode: 0o600 });
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {} // a full disk makes the next start slower, that is all
}

void start();
