import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Whether a witness program (ip, tshark, strace, ...) can be started by name. */
export function installed(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(resolve(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
