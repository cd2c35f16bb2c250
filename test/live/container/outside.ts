import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netns } from '../../../src/index.ts';
import type { Namespace } from '../../../src/netns/index.ts';
import { eventually, sh } from '../../support/witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'www-'));
const children: ChildProcess[] = [];
const spaces: Namespace[] = [];

/** A namespace that stands for a container: nothing is in it but a loopback device that is down. */
export function space(): Namespace {
  const ns = netns.make();
  spaces.push(ns);
  return ns;
}

/** A machine outside, 192.168.50.2 and fd50::2, joined to this one, 192.168.50.1 and fd50::1; it knows no other way. */
export function outside(): Namespace {
  const ns = space();
  sh('ip', 'link set lo up');
  sh('ip', `link add wire type veth peer name eth0 netns /proc/${process.pid}/fd/${ns.fd}`);
  for (const line of ['addr add 192.168.50.1/24 dev wire', '-6 addr add fd50::1/64 dev wire nodad', 'link set wire up']) sh('ip', line);
  for (const line of ['link set lo up', 'addr add 192.168.50.2/24 dev eth0', '-6 addr add fd50::2/64 dev eth0 nodad', 'link set eth0 up']) inside(ns, 'ip', line);
  return ns;
}

/** What a program prints in a namespace. */
export function inside(ns: Namespace | undefined, program: string, line: string | readonly string[]): string {
  const words = typeof line === 'string' ? line.split(' ') : [...line];
  const { stdout, stderr, status } = ns ? netns.spawnSync(ns, program, words) : spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 ? String(stdout).trim() : `no: ${String(stderr).trim()}`;
}

const started = (ns: Namespace | undefined, program: string, words: readonly string[]): ChildProcess => {
  const child = ns ? netns.spawn(ns, program, words) : spawn(program, words);
  children.push(child);
  return child;
};

/** Serves a text over HTTP in a namespace. */
export async function serve(ns: Namespace | undefined, text: string, port = 80): Promise<void> {
  const home = mkdtempSync(join(folder, 'home-'));
  writeFileSync(join(home, 'index.html'), text);
  started(ns, 'busybox', ['httpd', '-f', '-p', `[::]:${port}`, '-h', home]);
  await eventually(() => new RegExp(`:${port} `).test(inside(ns, 'ss', '-Hltn')), 30_000);
}

/** What HTTP at an address answers; `no: ...` where nothing does. */
export const get = (ns: Namespace | undefined, address: string, port: number): string =>
  inside(ns, 'timeout', ['3', 'busybox', 'wget', '-q', '-O', '-', `http://${address.includes(':') ? `[${address}]` : address}:${port}/`]);

/** Answers each datagram with a text. */
export async function serveDatagrams(ns: Namespace | undefined, text: string, port: number): Promise<void> {
  const child = started(ns, process.execPath, ['-e', `
    const socket = require('dgram').createSocket('udp6');
    socket.on('message', (_, { address, port }) => socket.send(${JSON.stringify(text)}, port, address));
    socket.bind(${port}, () => console.log('ready'));`]);
  await once(child.stdout!, 'data');
}

/**
 * What a datagram is answered, from the address that it was sent to and no other; `no: ...` where nothing is, or it is
 * refused. It is sent from a port that stays the same where one is given, and again while there is no answer.
 */
export const datagram = (ns: Namespace | undefined, address: string, port: number, from = 0): string =>
  inside(ns, process.execPath, ['-e', `
    const socket = require('dgram').createSocket(${JSON.stringify(address.includes(':') ? 'udp6' : 'udp4')});
    const end = (text) => { console.log(text); process.exit(); }, ask = () => socket.send('hello');
    socket.on('message', (bytes) => end(String(bytes)));
    socket.on('error', ({ code }) => end('no: ' + code));
    socket.bind(${from}, () => socket.connect(${port}, ${JSON.stringify(address)}, () => { ask(); setInterval(ask, 500); }));
    setTimeout(() => end('no: no answer'), 2900);`]);

/** Ends what was started and lets the namespaces go. */
export function end(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const ns of spaces.splice(0)) ns.close();
  rmSync(folder, { recursive: true, force: true });
}
