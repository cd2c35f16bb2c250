import { later } from '../../../../schema/later.ts';
import { basicFilter } from './basic.ts';
import { bpfFilter } from './bpf.ts';
import { cgroupFilter } from './cgroup.ts';
import { flowFilter } from './flow.ts';
import { flowerFilter } from './flower.ts';
import { fwFilter } from './fw.ts';
import { matchallFilter } from './matchall.ts';
import { routeFilter } from './route.ts';
import { u32Filter } from './u32.ts';

/** The kinds of filters whose options have names; those of any other kind are bytes. */
export const filterKinds = later({
  basic: () => basicFilter,
  bpf: () => bpfFilter,
  cgroup: () => cgroupFilter,
  flow: () => flowFilter,
  flower: () => flowerFilter,
  fw: () => fwFilter,
  matchall: () => matchallFilter,
  route: () => routeFilter,
  u32: () => u32Filter,
});
