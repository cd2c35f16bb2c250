import type { Asked } from '../../conversation/operation.ts';
import { EncodeError } from '../../errors.ts';
import { indexOf } from '../link/resolve.ts';
import type { NeighInput } from './message.ts';

/** Inside steps: the link of an entry, as it was given or as it was listed. */
export function* linkOf(operation: string, { dev, index }: NeighInput): Generator<Asked, number, any> {
  if (dev === undefined && !index) throw new EncodeError('must be a link', 'dev');
  return dev === undefined ? index! : yield* indexOf(operation, dev);
}
