import type { Nsid } from '../../route/nsid/message.ts';
import { refuse } from './refusal.ts';
import { isDump, type Answer, type Handler, type Request } from './request.ts';
import { announce, nsidOf } from './state.ts';

const RTM_NEWNSID = 88, RTM_GETNSID = 90, group = 28, none = -1;

type Asked = Request<Nsid & { fd?: number }>;

function set({ space, value, namespace }: Asked): void {
  const other = value.fd === undefined ? refuse('EINVAL', 'Peer netns reference is missing') : namespace(value.fd);
  if (space.nsids.has(other)) refuse('EEXIST', 'Peer netns already has a nsid assigned');
  if ([...space.nsids.values()].includes(value.nsid)) refuse('EEXIST', 'The specified nsid is already used');
  if (value.nsid === none) nsidOf(space, other);
  else space.nsids.set(other, value.nsid);
  announce(space, group, RTM_NEWNSID, { family: 'unspec', nsid: space.nsids.get(other) });
}

function get(request: Asked): Answer {
  const { space, value, namespace } = request;
  const told = (nsid: number): object => ({ family: 'unspec', nsid });
  if (isDump(request)) return { type: RTM_NEWNSID, values: [...space.nsids.values()].map(told) };
  const other = value.fd === undefined ? refuse('EINVAL', 'Peer netns reference is missing') : namespace(value.fd);
  return { type: RTM_NEWNSID, values: [told(space.nsids.get(other) ?? none)] };
}

export const nsidHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWNSID]: { changes: true, run: set },
  [RTM_GETNSID]: { changes: false, run: get },
};
