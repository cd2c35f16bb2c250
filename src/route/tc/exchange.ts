import { optional, quote } from '../../bytes/shell.ts';
import { acknowledged, dump, type Exchange } from '../../conversation/operation.ts';
import type { Message } from '../../schema/message.ts';
import { headerSize, NLM_F } from '../../wire/header.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import type { FilterPlace } from './prepare.ts';

/**
 * A request for one object. The kernel answers some of them only with NLM_F_ECHO, as a notification of a change would
 * be, and acknowledges besides.
 */
export function echoed<T>(
  operation: string, type: number, request: Message<any, any>, value: object, command?: () => string,
): Exchange<T> {
  return {
    ...acknowledged(operation, type, NLM_F.ECHO, request, value, command),
    answer: { ends: 'echo', read: (m, at, end) => request.decode(m, at + headerSize, end), finish: (items) => items[0] as T },
  };
}

/** A dump whose items the kernel may give more of than were asked for. */
export const filtered = <T extends object>(
  operation: string, type: number, message: Message<any, any>, value: object, keep: ((item: any) => boolean) | undefined, command: () => string,
): Exchange<T[]> => dump(operation, type, message, value, message, keep, command) as unknown as Exchange<T[]>;

/** Where a qdisc or filter hangs, in words of a command. */
export const at = (parent: string | undefined): string => (parent === undefined || parent.includes(':') ? optional('parent', parent) : ` ${quote(parent)}`);

/** A link or block as the command line has it. */
export const spell = (place: FilterPlace | LinkRef): string =>
  typeof place === 'object' && 'block' in place ? `block ${place.block}` : `dev ${devText(place)}`;
