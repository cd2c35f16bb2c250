import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ContainerError } from '../errors.ts';
import type { Places } from './draft.ts';
import type { Journal } from './journal.ts';

/** How a plan that was applied ended: what it did stays, or was undone. */
export type Outcome = 'kept' | 'undone';

/** The helper process that undoes a plan when this one cannot. */
export interface Guard {
  /** The helper has undone it all; or it was told that there is nothing to do, and has ended. */
  readonly outcome: Promise<Outcome>;
  /** From now on the helper undoes everything unless it is told to keep it within so many milliseconds. */
  wait(milliseconds: number): void;
  /** Nothing is to be undone any more; what is the answer says whether that came in time. */
  keep(): Promise<Outcome>;
}

/** What the helper is told on its command line. */
export interface HelperOrder {
  readonly journal: string;
  readonly ownFolder: boolean;
  /** Descriptors of the namespaces. */
  readonly places: { readonly host: number; readonly container?: number };
  readonly ffi?: string;
}

/**
 * Starts the helper, with the namespaces as inherited descriptors, in a session of its own: neither the end of this
 * process nor that of its terminal ends it. It knows of our death by the end of the pipe that it reads.
 */
export async function startGuard(journal: Journal, ownFolder: boolean, places: Places): Promise<Guard> {
  const { host, container } = places;
  const order: HelperOrder = {
    journal: journal.path, ownFolder, places: { host: 3, ...(container && { container: 4 }) }, ...(host.ffi && { ffi: host.ffi }),
  };
  const child = spawn(process.execPath, [...loaders(), helperFile(), JSON.stringify(order)], {
    detached: true, stdio: ['pipe', 'pipe', 'pipe', host.ns.fd, ...(container ? [container.ns.fd] : [])],
  });
  const lacking = new Promise<never>((_, reject) => child.on('error', ({ message }) => reject(new ContainerError('ERR_HELPER', `the undo helper does not run: ${message}`))));
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) return lacking; // no descriptor was left for them
  const handles = [child, stdin, stdout, stderr] as unknown as { ref(): void; unref(): void }[];
  let said = '';
  stderr.on('data', (bytes: Buffer) => { said += bytes.toString(); });
  stdin.on('error', () => {}); // it has ended: its last word was read, or its exit is
  let ready = (): void => {};
  const outcome = new Promise<Outcome>((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (line === 'ready') ready();
      else if (line === 'kept' || line === 'undone') resolve(line);
    });
    const gone = (why: string): void => reject(new ContainerError('ERR_HELPER', `the undo helper ended: ${why}${said && `, ${said.trim()}`}`));
    child.on('close', (code, signal) => gone(signal ?? `exit code ${code}`));
    lacking.catch(reject);
  });
  outcome.catch(() => {}); // told to those who ask
  await Promise.race([new Promise<void>((resolve) => { ready = resolve; }), outcome]);
  for (const handle of handles) handle.unref();
  return {
    outcome,
    wait(milliseconds) {
      for (const handle of handles) handle.ref(); // whoever waits for a confirmation lives until then
      stdin.write(`wait ${milliseconds}\n`);
    },
    async keep() {
      for (const handle of handles) handle.ref();
      stdin.write('keep\n');
      return outcome;
    },
  };
}

/** The file beside this one; in the package, where files are joined into few, the one that its package.json names. */
const helperFile = (): string =>
  fileURLToPath(import.meta.url.endsWith('.ts') ? new URL('./helper.ts', import.meta.url) : import.meta.resolve('#undo-helper'));

/** The flags by which this process was told how to load TypeScript, where the helper is TypeScript. Some have their value behind them. */
function loaders(): string[] {
  const typescript = helperFile().endsWith('.ts'), takes = /^(-r|--import|--require|--(experimental-)?loader)$/;
  const loads = /^(-r$|--import|--require|--loader|--experimental-(loader|strip-types|transform-types))/;
  return process.execArgv.filter((flag, at, all) => typescript && (loads.test(flag) || takes.test(String(all[at - 1]))));
}
