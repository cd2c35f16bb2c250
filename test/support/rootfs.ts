import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** An image as `docker save` writes it and others read it, at `path`; `command` is what its containers run. */
export function makeImage(path: string, tag: string, command: readonly string[]): void {
  const folder = `${path}.parts`, layer = join(folder, 'layer.tar');
  makeRootfs(join(folder, 'root'));
  writeFileSync(layer, tarOf(join(folder, 'root')));
  rmSync(join(folder, 'root'), { recursive: true });
  const digest = createHash('sha256').update(readFileSync(layer)).digest('hex');
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  writeFileSync(join(folder, 'config.json'), JSON.stringify({
    architecture, os: 'linux', config: { Cmd: command, Env: ['PATH=/bin'] }, rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]));
  writeFileSync(path, tarOf(folder));
  rmSync(folder, { recursive: true });
}

function which(program: string): string {
  const path = (process.env.PATH ?? '').split(delimiter).map((at) => join(at, program)).find(existsSync);
  if (path === undefined || readFileSync(path).subarray(0, 4).toString('latin1') !== '\x7fELF') throw new Error(`no ${program}`);
  return path;
}
