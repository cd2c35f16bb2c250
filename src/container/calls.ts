import { forwardCalls } from './forward/probe.ts';
import { lanCalls } from './lan/calls.ts';
import { modeCalls } from './modes/calls.ts';
import { nameCalls } from './modes/names.ts';
import { basicCalls } from './plan/basic-calls.ts';
import type { OwnCall } from './plan/own-call.ts';

/** All calls that are no operations of our connections, by name; the undo helper knows the same ones. */
export const ownCalls: { readonly [name: string]: OwnCall } = {
  ...basicCalls, ...forwardCalls, ...lanCalls, ...modeCalls, ...nameCalls,
};
