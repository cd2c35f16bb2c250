import { bondPort } from './bond.ts';
import { bridgePort } from './bridge.ts';
import { vrfPort } from './vrf.ts';

/** What a link has as a port of another, by the kind of that other. */
export const portKinds = {
  bond: bondPort,
  bridge: bridgePort,
  vrf: vrfPort,
} as const;
