import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetlinkError } from '../../errors.ts';
import { openHost, type Host } from '../../container/host.ts';
import * as lan from '../../container/lan/index.ts';
import { readJournal, removeJournal } from '../../container/plan/journal.ts';
import { undoSteps } from '../../container/plan/undo.ts';
import { removeText, writeText } from '../files.ts';
import { alone, sweep } from '../pool/lock.ts';
import { find, needLink } from './links.ts';
import { bridgeFolder, bridgeLock, interrupted, records } from './record.ts';

/** Bridges that were built upon an uplink: one file each, and its journal while that is under way. */
const madePath = (state: string, bridge: string): string => join(bridgeFolder(state), `${bridge}.json`);
const journalPath = (state: string, bridge: string): string => join(bridgeFolder(state), `${bridge}.journal`);

/**
 * The bridge upon an uplink is there; else it is built, and the uplink's addresses and routes move to it: see
 * `lan.bridge`. A process that is killed in the midst leaves a journal, by which the next one takes back what it did.
 */
export async function bridgeUplink(host: Host, bridge: string, parent: string | undefined, state: string): Promise<void> {
  const journal = journalPath(state, bridge);
  if (!existsSync(journal) && isBuilt(host, bridge, parent)) return;
  await alone(bridgeLock(state, bridge), async () => {
    await takeBack(host, journal);
    if (isBuilt(host, bridge, parent)) return;
    const uplink = needLink(host.nl, 'parent', parent!), made = madePath(state, bridge);
    if (!uplink.flags.up) host.nl.sync.link.up(uplink.index);
    writeText(made, JSON.stringify({ uplink: parent }));
    try {
      await lan.bridge(host, { uplink: parent!, bridge }).apply({ journal, guard: false });
    } catch (error) {
      removeText(made);
      throw error;
    }
  });
}

/** Whether there is nothing to do. Fails where there is no bridge and nothing to build it upon, or another's bridge. */
function isBuilt({ nl }: Host, bridge: string, parent: string | undefined): boolean {
  const there = find(nl, bridge), uplink = parent === undefined ? undefined : needLink(nl, 'parent', parent);
  if (there !== undefined && there.kind !== 'bridge') throw new NetlinkError('ERR_NO_BRIDGE', `${bridge} is no bridge, but of kind ${there.kind ?? 'none'}`);
  if (there === undefined && uplink === undefined)
    throw new NetlinkError('ENODEV', `there is no bridge ${bridge}, and no parent is given to build it upon`);
  if (there !== undefined && uplink !== undefined && uplink.master !== there.index)
    throw new NetlinkError('ERR_UPLINK', `there is a bridge ${bridge} already, and ${parent} is no port of it: name another bridge`);
  return there !== undefined;
}

/**
 * The way back, where the bridge was built by us and nobody is attached to it: its addresses and routes move to the
 * uplink, and it goes. Tells whether it went. Whoever is about to use it has written that down before he asks for it.
 */
export async function unbridgeUplink(host: Host, bridge: string, state: string): Promise<boolean> {
  const made = madePath(state, bridge), journal = journalPath(state, bridge);
  if (!existsSync(made)) {
    await sweep(bridgeLock(state, bridge));
    return false;
  }
  return alone(bridgeLock(state, bridge), async () => {
    await takeBack(host, journal);
    if (!existsSync(made) || records(state).some(({ settings }) => settings.mode === 'lan' && settings.bridge === bridge)) return false;
    const { uplink } = JSON.parse(readFileSync(made, 'utf8')) as { uplink: string };
    if (find(host.nl, bridge)) await lan.unbridge(host, { bridge, uplink }).apply({ journal, guard: false });
    removeText(made);
    return true;
  });
}

/** Takes back all that killed processes had begun: to be called before anything else is asked. */
export async function recoverUplinks(state: string): Promise<void> {
  using host = openHost();
  for (const bridge of interrupted(state))
    await alone(bridgeLock(state, bridge), () => takeBack(host, journalPath(state, bridge)));
}

/** Takes back what a killed process had begun. */
async function takeBack(host: Host, journal: string): Promise<void> {
  mkdirSync(join(journal, '..'), { recursive: true });
  if (!existsSync(journal)) return;
  const failures = await undoSteps(readJournal(journal), { host });
  if (failures.length > 0) throw new NetlinkError('ERR_UNDO',
    `what a killed process had begun could not be taken back: ${failures.map(({ call, error }) => `${call} (${(error as Error).message})`).join(', ')}`,
    { cause: failures[0]!.error });
  removeJournal(journal, false);
}
