import type { Neigh } from '../../route/neigh/message.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../route/neigh/types.ts';
import { neighGroup } from './connected.ts';
import { refuse } from './refusal.ts';
import { has, isDump, type Answer, type Handler, type Request } from './request.ts';
import { announce } from './state.ts';

const isProxy = ({ flags }: Neigh): boolean => flags.proxy ?? false;

function find({ space, value }: Request<Neigh>): Neigh | undefined {
  return space.neighs.find((neigh) => neigh.index === value.index && neigh.dst === value.dst && isProxy(neigh) === isProxy(value));
}

function set(request: Request<Neigh>): void {
  const { space, value } = request;
  if (value.dst === undefined) refuse('EINVAL', 'Network address not specified');
  if (!space.links.has(value.index)) refuse('ENODEV');
  const present = find(request);
  if (present && has(request, 'EXCL')) refuse('EEXIST');
  if (!present && !has(request, 'CREATE')) refuse('ENOENT');
  if (!present && !isProxy(value) && value.lladdr === undefined) refuse('EINVAL', 'No link layer address given');
  const { family, index, dst, lladdr, state, flags, protocol } = value;
  const neigh = { family, index, state, flags, type: isProxy(value) ? 'unspec' : 'unicast', dst, ...(lladdr === undefined ? {} : { lladdr }), ...(protocol === undefined ? {} : { protocol }) } as Neigh;
  if (present) Object.assign(present, { ...neigh, lladdr: lladdr ?? present.lladdr });
  else space.neighs.push(neigh);
  announce(space, neighGroup, RTM_NEWNEIGH, present ?? neigh);
}

function remove(request: Request<Neigh>): void {
  const { space, value } = request;
  if (value.dst === undefined) refuse('EINVAL', 'Network address not specified');
  if (!space.links.has(value.index)) refuse('ENODEV');
  const found = find(request) ?? refuse('ENOENT');
  space.neighs.splice(space.neighs.indexOf(found), 1);
  announce(space, neighGroup, RTM_DELNEIGH, found);
}

function get(request: Request<Neigh>): Answer {
  const { space, value } = request;
  if (!isDump(request)) return { type: RTM_NEWNEIGH, values: [find(request) ?? refuse('ENOENT')] };
  const values = space.neighs.filter((neigh) => isProxy(neigh) === isProxy(value) && (value.family === 'unspec' || neigh.family === value.family) &&
    (value.via === undefined || neigh.index === value.via));
  return { type: RTM_NEWNEIGH, values };
}

export const neighHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWNEIGH]: { changes: true, run: set },
  [RTM_DELNEIGH]: { changes: true, run: remove },
  [RTM_GETNEIGH]: { changes: false, run: get },
};
