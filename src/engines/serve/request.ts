import type { Variables } from '../cni/environment.ts';
import type { CniAnswer, CniCall } from '../cni/program.ts';

/**
 * What a client sends: its variables as `env -0` prints them, `NAME=VALUE` each with a zero byte behind it, one more
 * zero byte, and all of its standard input. So that whatever language has sockets can ask without knowing JSON.
 */
export function readRequest(bytes: Buffer): Pick<CniCall, 'variables' | 'input'> | undefined {
  const end = bytes[0] === 0 ? 0 : bytes.indexOf('\0\0') + 1;
  if (end === 0 && bytes[0] !== 0) return undefined;
  const variables: { [name: string]: string } = {};
  for (const pair of bytes.subarray(0, end).toString().split('\0')) {
    const at = pair.indexOf('=');
    if (at > 0) variables[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { variables: variables satisfies Variables, input: bytes.subarray(end + 1).toString() };
}

/** What it is answered: its exit code in one digit, a line feed, and what it is to print. */
export const answerBytes = ({ exitCode, output }: CniAnswer): string => `${exitCode}\n${output}`;
