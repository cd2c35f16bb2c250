import { KernelError } from '../../errors.ts';
import { EncodeError } from '../../errors.ts';
import { ask, single, type Asked, type Exchange } from '../../conversation/operation.ts';
import { show } from '../../schema/codec.ts';
import { isInterfaceName } from '../../schema/leaves.ts';
import { linkMessage, linkReport, type Link, type LinkRef } from './message.ts';
import { RTM_GETLINK } from './types.ts';

/** The attribute that names a link in a request: an altname may be what no name can, longer than IFNAMSIZ or with blanks. */
export const byName = (name: string): { name: string } | { altname: string } => (isInterfaceName(name) ? { name } : { altname: name });

/** No link is named so: the kernel puts a number where the %d is, and does not tell which. */
export const isPattern = (name: unknown): boolean => typeof name === 'string' && name.includes('%');

/** The fields of a request that say which link is meant. */
export function linkTarget(ref: LinkRef): { index: number } | { name: string } | { altname: string } {
  if (typeof ref === 'number') {
    if (!Number.isInteger(ref) || ref < 1 || ref > 0x7fffffff)
      throw new EncodeError(`must be the index of a link, 1 or more, got ${show(ref)}`, 'link');
    return { index: ref };
  }
  if (typeof ref === 'string') {
    if (ref === '') throw new EncodeError('must not be empty', 'link');
    return byName(ref);
  }
  if (typeof ref === 'object' && ref !== null && 'index' in ref) return linkTarget(ref.index);
  throw new EncodeError(`must be the index, the name or the object of a link, got ${show(ref)}`, 'link');
}

/** Asks for a link without its statistics, which are most of the answer. */
export const lookup = (operation: string, ref: LinkRef): Exchange<Link> => single(
  operation, RTM_GETLINK, 0, linkMessage, Object.assign(linkTarget(ref), { extMask: withoutStats }), linkReport, undefined,
  `link ${typeof ref === 'object' ? ref.index : ref}`,
) as unknown as Exchange<Link>;

const withoutStats = { skipStats: true };

/** Inside steps: the index of a link. Only a name costs a question. */
export function* indexOf(operation: string, ref: LinkRef, field = 'dev'): Generator<Asked, number, any> {
  if (typeof ref === 'number' || typeof ref === 'object') {
    const target = linkTarget(ref);
    if ('index' in target) return target.index;
  }
  try {
    return (yield* ask(lookup(operation, ref))).index;
  } catch (error) {
    if (!(error instanceof KernelError) || error.code !== 'ENODEV') throw error;
    throw new KernelError({
      operation,
      errno: error.errno,
      text: error.text,
      field,
      hint: `There is no link named ${show(ref)} in this namespace`,
    });
  }
}
