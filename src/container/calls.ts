import { forwardCalls } from './forward/probe.ts';
import { lanCalls } from './lan/calls.ts';
import { vlanCalls } from './lan/vlan.ts';
import { modeCalls } from './modes/calls.ts';
import { nameCalls } from './modes/names.ts';
import { basicCalls } from './plan/basic-calls.ts';
import type { OwnCall, OwnCalls } from './plan/own-call.ts';

/** All calls that are no operations of our connections, by name; the undo helper knows the same ones. */
export const ownCalls: OwnCalls = {
  ...basicCalls, ...forwardCalls, ...lanCalls, ...vlanCalls, ...modeCalls, ...nameCalls,
};

/** One of them, by a name that a plan or a journal has; its arguments were checked where the call was written. */
export const ownCallNamed = (name: string): OwnCall<readonly unknown[]> | undefined =>
  (ownCalls as unknown as { readonly [name: string]: OwnCall<readonly unknown[]> | undefined })[name];
