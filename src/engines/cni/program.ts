import { defaultState, interrupted } from '../network/record.ts';
import { parse, readConfig } from './config.ts';
import { readEnvironment, type Variables } from './environment.ts';
import { CniError, errorAnswer } from './errors.ts';
import { atLeast, newest, resultOf, supportedVersions, type CniVersion } from './version.ts';

/** What a CNI plugin is called with: its variables, and what stands on its standard input. */
export interface CniCall {
  readonly variables: Variables;
  readonly input: string;
  /** Where attachments and pools are kept; /run/netlink-ts unless given. */
  readonly state?: string | undefined;
}

/** What it prints, and whether it fails. */
export interface CniAnswer {
  readonly exitCode: 0 | 1;
  readonly output: string;
}

/** Commands that came later than the oldest version. */
const since: { readonly [command: string]: CniVersion } = { CHECK: '0.4.0', GC: '1.1.0', STATUS: '1.1.0' };

/** Answers one call of a runtime, as the program does. Never throws. */
export async function cni(call: CniCall): Promise<CniAnswer> {
  let version: string = newest;
  try {
    const environment = readEnvironment(call.variables), { command } = environment;
    if (command === 'VERSION') return said({ cniVersion: newest, supportedVersions });
    version = versionOf(call.input);
    const config = readConfig(call.input, environment), asked = { config, environment, state: call.state ?? defaultState };
    if (since[command] !== undefined && !atLeast(config.version, since[command]))
      throw new CniError('incompatibleVersion', `${command} came with version ${since[command]}, the configuration is of ${config.version}`);
    // whatever is asked: the machine may be without its network
    if (interrupted(asked.state).length > 0) await (await import('../network/uplink.ts')).recoverUplinks(asked.state);
    switch (command) { // a process is started for each call: it loads what this one needs
      case 'ADD': return said(resultOf(await (await import('./add.ts')).add(asked), config.version));
      case 'DEL': await (await import('./del.ts')).del(asked); break;
      case 'CHECK': await (await import('./check.ts')).check(asked); break;
      case 'GC': await (await import('./gc.ts')).gc(asked); break;
      case 'STATUS': await (await import('./status.ts')).status(asked); break;
    }
    return { exitCode: 0, output: '' };
  } catch (error) {
    return { exitCode: 1, output: JSON.stringify(errorAnswer(error, version)) };
  }
}

const said = (value: object): CniAnswer => ({ exitCode: 0, output: JSON.stringify(value) });

/** The version that an error is told in, where the configuration has one that we speak. */
function versionOf(input: string): string {
  const { cniVersion } = parse(input);
  return typeof cniVersion === 'string' && (supportedVersions as readonly string[]).includes(cniVersion) ? cniVersion : newest;
}
