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

/** Why a test that starts these programs cannot run; undefined where it can. */
export function absent(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((one) => !installed(one));
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/** The same, for a test that has containers: engines, and what they ask of us, want namespaces, control groups and /proc/sys of the machine's root. */
export const noContainers = (...programs: readonly string[]): string | undefined =>
  (process.env.NETLINK_SANDBOX === 'root' ? absent(...programs) : 'containers need the machine\'s root');
