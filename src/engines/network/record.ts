import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NetlinkError } from '../../errors.ts';
import { namesIn, readText, removeText, writeText } from '../files.ts';
import { alone, locked, sweepAll } from '../pool/lock.ts';
import { digest } from './digest.ts';
import type { Owner, Port } from './request.ts';
import type { Settings } from './settings.ts';

/** Where attachments are written down: a folder that goes when the machine is restarted, as links and rules do. */
export const defaultState = '/run/netlink-ts';

/**
 * What was made for an attachment, or was to be made: it is written before the first change and goes after the last
 * has been taken back, so that whoever comes after a crash knows what to look for.
 */
export interface AttachmentRecord {
  readonly owner: Owner;
  readonly settings: Settings;
  /** The path of the container's namespace, if it was given as one. */
  readonly netns: string | undefined;
  /** The device and the inode of that namespace: another may be at its path when it has gone. */
  readonly namespace?: string | undefined;
  readonly ports: readonly Port[];
  /** How many rules of nf_tables it has. */
  readonly rules?: number | undefined;
  /** All of it is made. Without this whoever made it was killed in the midst. */
  readonly whole?: boolean | undefined;
}

/** The name of the host's link of an attachment, and of all that must be found again: 2 letters and 12 digits. */
export const nameOf = ({ network, container, ifname }: Owner): string =>
  `nt${digest(`${network}/${container}/${ifname}`, 12)}`;

const folderOf = (state: string): string => join(state, 'attachments');
const pathOf = (state: string, owner: Owner): string => join(folderOf(state), `${nameOf(owner)}.json`);

/** Runs `work` while nobody else makes this attachment, or takes it back. */
export const aloneWith = <T>(state: string, owner: Owner, work: () => Promise<T>): Promise<T> =>
  alone(join(folderOf(state), `${nameOf(owner)}.lock`), work);

/** Where the bridges that were built upon uplinks are written down. */
export const bridgeFolder = (state: string): string => join(state, 'bridges');

/** Held by whoever makes a bridge, or takes it away. */
export const bridgeLock = (state: string, bridge: string): string => join(bridgeFolder(state), `${bridge}.lock`);

/** The bridges at which somebody is at work, or was killed. */
export const interrupted = (state: string): string[] =>
  namesIn(bridgeFolder(state)).flatMap((name) => /^(.*)\.journal$/.exec(name)?.[1] ?? []);

/** Writes down an attachment. Fails with ERR_PORT_IN_USE where another has one of its ports. */
export function record(state: string, wanted: AttachmentRecord): void {
  locked(join(state, 'lock'), () => {
    const name = nameOf(wanted.owner);
    if (wanted.ports.length > 0) for (const other of records(state)) {
      if (nameOf(other.owner) === name) continue;
      const both = wanted.ports.find((port) => other.ports.some((used) => collide(port, used)));
      if (both) throw new NetlinkError('ERR_PORT_IN_USE',
        `port ${both.hostPort}/${both.protocol} is published for ${other.owner.container} (${other.owner.network})`);
    }
    writeText(pathOf(state, wanted.owner), JSON.stringify(wanted));
  });
}

const collide = (a: Port, b: Port): boolean => a.hostPort === b.hostPort && a.protocol === b.protocol &&
  (!a.hostIP || !b.hostIP || a.hostIP === b.hostIP);

export const forget = (state: string, owner: Owner): void => removeText(pathOf(state, owner));

/** Removes what killed processes have left of attachments that nobody will ask for again. */
export function sweepAttachments(state: string): void {
  sweepAll(folderOf(state));
  locked(join(state, 'lock'), () => {
    for (const name of namesIn(folderOf(state))) if (name.endsWith('.json.new')) rmSync(join(folderOf(state), name), { force: true });
  });
}

export function recorded(state: string, owner: Owner): AttachmentRecord | undefined {
  return read(pathOf(state, owner));
}

/** All attachments, or those of one network. */
export function records(state: string, network?: string): AttachmentRecord[] {
  const all = namesIn(folderOf(state)).filter((name) => name.endsWith('.json')).flatMap((name) => read(join(folderOf(state), name)) ?? []);
  return network === undefined ? all : all.filter(({ owner }) => owner.network === network);
}

/** One that is taken back by another process meanwhile is not there. */
function read(path: string): AttachmentRecord | undefined {
  const text = readText(path);
  return text === undefined ? undefined : JSON.parse(text) as AttachmentRecord;
}
