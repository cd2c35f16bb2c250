import { readFileSync, statSync } from 'node:fs';
import type { Privileges } from '../privileges.ts';

/** PROC_USER_INIT_INO of the kernel: the inode of the initial user namespace. */
const initialUser = 0xeffffffd;

/** What this thread may do now: it may have been otherwise before. Undefined where `proc` does not tell. */
export function privileges(proc = '/proc/thread-self'): Privileges | undefined {
  try {
    const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync(`${proc}/status`, 'latin1'))!;
    return { effective: BigInt(`0x${effective}`), initial: statSync(`${proc}/ns/user`).ino === initialUser };
  } catch {
    return undefined;
  }
}
