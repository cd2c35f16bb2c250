import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

/** What the page of every container says. */
export const greeting = 'hello from the container';

/** The server of that page. */
export const server = ['httpd', '-f', '-p', '80', '-h', '/www'] as const;

/** A file system for containers: busybox under all its names, and the page. There is no registry here to get one from. */
export function makeRootfs(root: string): void {
  const bin = join(root, 'bin');
  for (const path of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'www'].map((name) => join(root, name))) mkdirSync(path, { recursive: true });
  copyFileSync(which('busybox'), join(bin, 'busybox'));
  for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).split('\n'))
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(bin, basename(applet)));
  writeFileSync(join(root, 'www/index.html'), `${greeting}\n`);
}

export const tarOf = (root: string): Buffer => execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 28 });

function which(program: string): string {
  const path = (process.env.PATH ?? '').split(delimiter).map((at) => join(at, program)).find(existsSync);
  if (path === undefined || readFileSync(path).subarray(0, 4).toString('latin1') !== '\x7fELF') throw new Error(`no ${program}`);
  return path;
}
