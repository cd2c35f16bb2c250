import { CniError } from './errors.ts';
import { commands, type CniEnvironment, type Command } from './types.ts';

/** Which variables a command needs. DEL does without a namespace: it may be gone. */
const needed: Readonly<Record<Command, readonly string[]>> = {
  ADD: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'],
  CHECK: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'],
  DEL: ['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_PATH'],
  GC: ['CNI_PATH'],
  STATUS: ['CNI_PATH'],
  VERSION: [],
};

/** What container ids and names of networks may be. */
export const identifier = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the variables of a plugin. Fails with code 4, naming those that lack or are wrong. */
export function readEnvironment(variables: Variables): CniEnvironment {
  const command = commands.find((one) => one === variables['CNI_COMMAND']);
  if (!command) {
    const said = variables['CNI_COMMAND'];
    throw new CniError('invalidEnvironment', said === undefined || said === '' ? 'CNI_COMMAND is missing'
      : `CNI_COMMAND is ${JSON.stringify(said)}, but must be one of ${commands.join(', ')}`);
  }
  const missing = needed[command].filter((name) => !variables[name]);
  if (missing.length > 0)
    throw new CniError('invalidEnvironment', `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      `${command} needs ${needed[command].join(', ')}`);
  const { CNI_CONTAINERID: containerId = '', CNI_NETNS: netns = '', CNI_IFNAME: ifname = '' } = variables;
  if (command === 'ADD' || command === 'CHECK' || command === 'DEL') {
    if (!identifier.test(containerId))
      throw wrong('CNI_CONTAINERID', containerId, 'must begin with a letter or digit and have letters, digits, "_", "." and "-" only');
    const bad = badIfname(ifname);
    if (bad) throw wrong('CNI_IFNAME', ifname, bad);
  }
  return {
    command, containerId, netns, ifname,
    path: (variables['CNI_PATH'] ?? '').split(':').filter((folder) => folder !== ''),
    args: readArgs(variables['CNI_ARGS'] ?? ''),
  };
}

const wrong = (name: string, value: string, why: string): CniError =>
  new CniError('invalidEnvironment', `${name} is ${JSON.stringify(value)}: it ${why}`);

function badIfname(name: string): string | undefined {
  if (Buffer.byteLength(name) > 15) return 'must be of at most 15 bytes';
  if (name === '.' || name === '..') return 'must be the name of a link';
  return /[/:\s\0]/.test(name) ? 'must have no slash, colon or white space' : undefined;
}

/** `KEY=VALUE` pairs between semicolons. */
function readArgs(text: string): Record<string, string> {
  const args: Record<string, string> = {};
  for (const pair of text.split(';').filter((part) => part !== '')) {
    const at = pair.indexOf('=');
    if (at < 1) throw new CniError('invalidEnvironment', `CNI_ARGS has ${JSON.stringify(pair)}, which is no KEY=VALUE`);
    args[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return args;
}
