import { get32 } from '../../bytes/memory.ts';
import type { Owner } from '../../schema/codec.ts';
import { RTM_DELLINK, RTM_DELLINKPROP, RTM_GETLINK, RTM_NEWLINK, RTM_NEWLINKPROP, RTM_SETLINK } from '../../route/link/types.ts';
import { headerSize } from '../../wire/header.ts';
import { changeLink, checkAddress } from './link-change.ts';
import { defaultsOf, makeLink } from './link-make.ts';
import { reportLink, tellLink } from './link-report.ts';
import { removeLink } from './link-remove.ts';
import { refuse } from './refusal.ts';
import { has, isDump, type Answer, type Handler, type Request } from './request.ts';
import { linkNamed, type FakeLink } from './state.ts';

/** The link that a request is about: by index, else by name or altname; one to be made is looked for where it is to be. */
function target(request: Request): FakeLink | undefined {
  const { value } = request;
  const space = value.netnsFd !== undefined && has(request, 'CREATE') && has(request, 'EXCL') ? request.namespace(value.netnsFd) : request.space;
  if (value.index > 0) return space.links.get(value.index);
  const name: string | undefined = value.name ?? value.altname;
  return name === undefined ? undefined : linkNamed(space, name);
}

/** `ifi_flags` and `ifi_change`: which flags are spoken of, which a decoded message does not tell. */
const spoken = ({ memory }: Request): { flags: number; change: number } => ({ flags: get32(memory, headerSize + 8), change: get32(memory, headerSize + 12) });

/** RTM_NEWLINK is both: a link is changed where it is there and made where it is not. */
function set(request: Request): void {
  const { value, space } = request, link = target(request);
  if (value.kind !== undefined && defaultsOf(value.kind)) validate(value);
  if (link) {
    if (has(request, 'EXCL')) refuse('EEXIST');
    if (has(request, 'REPLACE')) refuse('EOPNOTSUPP');
    if (value.kind !== undefined && value.kind !== link.kind) {
      if (has(request, 'CREATE')) return; // acknowledged, and nothing is done
      refuse('EOPNOTSUPP');
    }
    const renamed = value.index > 0 || value.name === link.name ? value : { ...value, name: undefined };
    return changeLink(request, link, renamed, spoken(request));
  }
  if (has(request, 'CREATE') && value.index > 0 && value.kind === undefined) refuse('ENODEV');
  if (has(request, 'CREATE')) return makeLink(request, spoken(request));
  if (value.index === 0 && value.name === undefined && value.group !== undefined) {
    for (const member of [...space.links.values()]) if (member.group === value.group) changeLink(request, member, { ...value, group: undefined }, spoken(request));
    return;
  }
  refuse(value.index > 0 || value.name !== undefined ? 'ENODEV' : 'EINVAL');
}

/** What a kind looks at before anybody asks whether the link is there. */
function validate({ kind, address, mtu }: { kind: string; address?: string; mtu?: number }): void {
  if (address !== undefined) checkAddress(address);
  if (kind === 'veth' && mtu !== undefined && (mtu < 68 || mtu > 65535)) refuse('EINVAL');
}

function get(request: Request): Answer {
  const { value, space } = request;
  if (isDump(request)) {
    const wanted = ({ kind, master }: FakeLink): boolean => (value.kind === undefined || kind === value.kind) && (value.master === undefined || master === value.master);
    return { type: RTM_NEWLINK, values: [...space.links.values()].filter(wanted).map(reportLink) };
  }
  const link = target(request);
  if (!link) refuse(value.index > 0 || value.name !== undefined || value.altname !== undefined ? 'ENODEV' : 'EINVAL');
  return { type: RTM_NEWLINK, values: [reportLink(link)] };
}

function remove(request: Request): void {
  const { value, space } = request, link = target(request);
  if (link) return deletable(link), removeLink(link);
  if (value.index === 0 && value.name === undefined && value.altname === undefined && value.group !== undefined) {
    const members = [...space.links.values()].filter(({ group }) => group === value.group);
    if (members.length === 0) refuse('ENODEV');
    members.forEach(deletable);
    for (const member of members) if (space.links.get(member.index) === member) removeLink(member);
    return;
  }
  refuse(value.index > 0 || value.name !== undefined || value.altname !== undefined ? 'ENODEV' : 'EINVAL');
}

function deletable({ kind }: FakeLink): void {
  if (kind === undefined || !defaultsOf(kind)) refuse('EOPNOTSUPP');
}

function addNames(request: Request): void {
  const { value, space } = request, link = target(request);
  if (!link) refuse('ENODEV');
  for (const name of (value as Owner)['altnames'] as string[] ?? []) {
    if (linkNamed(space, name)) refuse('EEXIST');
    link.altnames.push(name);
  }
  tellLink(link);
}

function deleteNames(request: Request): void {
  const { value, space } = request, link = target(request);
  if (!link) refuse('ENODEV');
  for (const name of (value as Owner)['altnames'] as string[] ?? []) {
    const owner = linkNamed(space, name);
    if (!owner) refuse('ENOENT');
    if (owner !== link || name === link.name) refuse('EINVAL');
    link.altnames.splice(link.altnames.indexOf(name), 1);
  }
  tellLink(link);
}

export const linkHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWLINK]: { changes: true, run: set },
  [RTM_SETLINK]: { changes: true, run: (request) => set({ ...request, flags: 0, value: { ...request.value, kind: undefined, options: undefined } }) },
  [RTM_DELLINK]: { changes: true, run: remove },
  [RTM_GETLINK]: { changes: false, run: get },
  [RTM_NEWLINKPROP]: { changes: true, run: addNames },
  [RTM_DELLINKPROP]: { changes: true, run: deleteNames },
};
