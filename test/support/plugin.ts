import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { bundle } from './build.ts';
import { installed } from './installed.ts';
import { skip } from './skip.ts';

/** Our program as a package has it, under a name and in a folder of an engine's; strace, where there is one, looks on. */
export interface Plugin {
  readonly path: string;
  readonly folder: string;
  /** Attachments, pools and what else the program remembers. */
  readonly state: string;
  /** The calls so far, and the programs that were started in them. */
  started(): { readonly calls: number; readonly programs: readonly string[] };
  run(words: readonly string[], input: unknown): { readonly code: number | null; readonly stdout: string; readonly stderr: string };
}

/** Fails unless it was called so often at least, and has started no program but itself. */
export function startsNothing({ started }: Plugin, atLeast = 1): void {
  if (!installed('strace')) return skip('strace is not installed: nobody looks which programs are started');
  const { calls, programs } = started();
  assert.ok(calls >= atLeast, `${calls} calls`);
  assert.equal([...new Set(programs)], [process.execPath]);
}

export function makePlugin(folder: string, name: string): Plugin {
  const bin = join(bundle(), 'engines/bin.cjs'), state = join(folder, 'state'), plugins = join(folder, 'plugins'), traces = join(folder, 'traces');
  const path = join(plugins, name);
  for (const one of [plugins, traces]) mkdirSync(one, { recursive: true });
  const strace = installed('strace') ? `strace --follow-forks --seccomp-bpf --quiet=all --trace=execve,execveat --output=${traces}/$$` : '';
  writeFileSync(path, `#!/bin/sh\nexport NETLINK_TS_STATE=${state}\nexec ${strace} ${process.execPath} ${bin} "$@"\n`, { mode: 0o755 });
  return {
    path, folder: plugins, state,
    started: () => {
      const files = readdirSync(traces).map((file) => readFileSync(join(traces, file), 'utf8'));
      const programs = files.flatMap((text) => [...text.matchAll(/execve(?:at)?\([^"]*"([^"]+)".* = 0$/gm)].map(([, program]) => program!));
      return { calls: files.length, programs };
    },
    run: (words, input) => {
      const { status, stdout, stderr } = spawnSync(path, words, { input: typeof input === 'string' ? input : JSON.stringify(input), encoding: 'utf8' });
      return { code: status, stdout, stderr };
    },
  };
}
