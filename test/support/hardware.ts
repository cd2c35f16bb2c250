import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A namespace with links that no kernel makes by itself: a guest of `npm run test:kernels -- --by qemu` has one, and names it. */
export const hardware = process.env.NETLINK_HARDWARE;

/** Runs `ip` there. */
export const ipThere = (line: string): string => execFileSync('nsenter', [`--net=${hardware}`, 'ip', ...line.split(' ')], { encoding: 'utf8' });

/** What `ip -details -json link show` says of a link there. */
export const linkThere = (name: string): any => JSON.parse(ipThere(`-details -statistics -json link show dev ${name}`))[0];

/** Gives each card there virtual functions, as its driver makes them of a number in /sys. */
export function makeVirtualFunctions(count: number): void {
  const devices = '/sys/bus/pci/devices';
  for (const name of existsSync(devices) ? readdirSync(devices) : []) {
    const file = `${devices}/${name}/sriov_numvfs`;
    if (existsSync(file) && readFileSync(file, 'utf8').trim() === '0') writeFileSync(file, `${count}`);
  }
}
