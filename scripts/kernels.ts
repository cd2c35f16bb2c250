/**
 * Runs the live tests on other kernels: Debian's 6.1 and 6.12, with all that this machine's kernel may lack. The guest
 * sees this machine's files, node and the checkout among them, and its changes stay in its memory.
 *
 *     npm run test:kernels [-- word ...] [--kernel 6.1] [--by uml|qemu] [--record] [--run COMMAND]
 *                          [--memory MiB] [--processors 2] [--limit seconds]
 *
 * With words, only test files whose path contains one of them. `--record` records the tapes that want this kernel (the
 * `kernel` of a scenario) into fixtures/ instead; those of 6.12 want it whole, `--by qemu`. `--run` runs a shell command
 * there instead: `--run 'ip link'`.
 *
 * Where Debian has the kernel as a program (user-mode-linux: 6.1, 6.12, 7.2) that is started, which takes seconds;
 * others, and those that are to have everything, `--by qemu`, which takes minutes where there is no KVM.
 * Kernels are downloaded once by apt-get, into .tmp/kernels. No privileges are needed here.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Failure, runOn, type Backend } from './kernels/guest.ts';
import { qemu } from './kernels/qemu.ts';
import { hasUml, uml } from './kernels/uml.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', multiple: true, default: ['6.1', '6.12'] }, by: { type: 'string' },
    record: { type: 'boolean', default: false }, run: { type: 'string' },
    memory: { type: 'string', default: '2048' }, processors: { type: 'string', default: '2' }, limit: { type: 'string', default: '3600' },
  },
});

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

try {
  process.exitCode = await all();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** One kernel after the other; the code of the first that failed. */
async function all(): Promise<number> {
  const ways = values.kernel.map((series) => [series, way(series)] as const);
  const missing = new Set(ways.flatMap(([, by]) => by.missing()));
  if (missing.size > 0) {
    console.error(`first: ${[...missing].join('; ')}`);
    return 2;
  }
  const codes: number[] = [];
  for (const [series, by] of ways) codes.push(await on(series, by));
  return codes.find((code) => code !== 0) ?? 0;
}

function way(series: string): Backend {
  const by = values.by ?? (hasUml(series) ? 'uml' : 'qemu');
  if (by !== 'uml' && by !== 'qemu') throw new Failure(`--by is uml or qemu, not ${by}`);
  return by === 'uml' ? uml : qemu;
}

async function on(series: string, by: Backend): Promise<number> {
  const kernel = await by.prepare(series, join(top, '.tmp/kernels')), out = mkdtempSync(join(tmpdir(), 'netlink-kernel-'));
  const options = { out, cwd: top, timeout: Number(values.limit), memory: Number(values.memory), processors: Number(values.processors), signal: stop.signal };
  try {
    return await runOn(kernel, command(series), options);
  } finally {
    // what was recorded stays recorded, however it ended
    if (existsSync(join(out, 'fixtures'))) cpSync(join(out, 'fixtures'), join(top, 'fixtures'), { recursive: true });
    rmSync(out, { recursive: true, force: true });
  }
}

/** What the guest runs. Everything takes its time there, so timeouts are long. */
function command(series: string): string {
  if (values.run !== undefined) return values.run;
  const args = (words.length > 0 ? words : values.record ? [] : ['test/live/']).map((word) => `'${word}'`).join(' ');
  const node = `'${process.execPath}' --import tsx`;
  if (values.record)
    return `mkdir /out/fixtures && mount --bind /out/fixtures fixtures && ${node} scripts/record.ts --kernel ${series} ${args}`;
  return `${node} scripts/test.ts ${args} --as root --timeout 1200`;
}
