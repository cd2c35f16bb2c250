import { statSync } from 'node:fs';
import { quote } from '../../bytes/shell.ts';
import * as netns from '../../netns/index.ts';
import { namedNamespaces } from '../../route/namespace.ts';
import type { OwnCalls } from '../plan/own-call.ts';

export const namePath = (name: string): string => `${namedNamespaces}/${name}`;

/** The inode of the namespace that has a name; undefined where none has. */
export const nameOf = (name: string): number | undefined =>
  statSync(namePath(name), { throwIfNoEntry: false })?.ino;

/** Names of namespaces, in calls of plans. */
export const nameCalls = {
  'name.attach': { run: ({ ns, ffi }, [name]) => netns.attach(name, ns, { ffi }), command: (name) => `ip netns attach ${quote(name)} PID` },
  /** Takes a name away if it is still that of the namespace meant. */
  'name.delete': {
    run({ ffi }, [name, ino]) {
      if (nameOf(name) === ino) netns.delete(name, { ffi });
    },
    command: (name) => `ip netns delete ${quote(name)}`,
  },
} satisfies Partial<OwnCalls>;
