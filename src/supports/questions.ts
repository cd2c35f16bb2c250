import { acknowledged, ask, done, dump, type Steps } from '../conversation/operation.ts';
import { KernelError } from '../errors.ts';
import * as controller from '../generic/controller/operations.ts';
import * as addr from '../route/addr/operations.ts';
import { linkMessage, linkReport, type Link } from '../route/link/message.ts';
import { RTM_GETLINK, RTM_NEWLINK } from '../route/link/types.ts';
import { NLM_F } from '../wire/header.ts';

/** Whether the kernel can do something; 'unknown' where it tells only those with more privileges. */
export type Support = boolean | 'unknown';

/** An index that no link has, and a number of queues that none can have. */
const nobody = 0x7fffffff, tooMany = 0x7fffffff;

/** Whether requests for dumps are checked: an older kernel lists everything to one for a link that there is not. */
export function* strict(): Steps<Support> {
  try {
    yield* ask(addr.list({ dev: nobody, family: 'inet' }));
    return done(false);
  } catch (error) {
    return done(codeOf(error, 'ENODEV'));
  }
}

/**
 * Whether links of a kind can be made. The kernel filters a listing by a kind that it has at hand; of one that it has
 * not, the loopback device comes too. Then a link is asked for that has more queues than a link can have: that is told
 * from an unknown kind, which the kernel has looked for among its modules by then. Nothing is made.
 */
export function* kind(kind: string): Steps<Support> {
  const links = (yield* ask(dump('supports', RTM_GETLINK, linkMessage, { kind, extMask: { skipStats: true } }, linkReport))) as unknown as Link[];
  if (links.every((link) => link.kind === kind)) return done(true);
  try {
    yield* ask(acknowledged('supports', RTM_NEWLINK, NLM_F.CREATE | NLM_F.EXCL, linkMessage, { kind, numTxQueues: tooMany }));
    return done(true);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.code === 'EPERM') return done('unknown');
    return done(error.code !== 'EOPNOTSUPP' || (error.text !== undefined && error.text !== 'Unknown device type'));
  }
}

/** Whether there is a family of generic netlink, with a command and an attribute of that where they are given. */
export function* family({ family: name, command, attribute }: { readonly family: string; readonly command?: number | undefined; readonly attribute?: number | undefined }): Steps<Support> {
  try {
    const { operations = [] } = yield* ask(controller.get(name));
    if (command === undefined) return done(true);
    if (!operations.some((one) => one.command === command)) return done(false);
  } catch (error) {
    if (codeOf(error, 'ENOENT')) return done(false);
    throw error;
  }
  if (attribute === undefined) return done(true);
  try {
    const { policies = {}, commandPolicies = {} } = yield* ask(controller.policy(name)), of = commandPolicies[command];
    const numbers = [of?.do, of?.dump].filter((number) => number !== undefined);
    return done(numbers.length === 0 ? 'unknown' : numbers.some((number) => { const type = policies[number]?.[attribute]?.type; return type !== undefined && type !== 'invalid'; }));
  } catch (error) { // before 5.10 it does not tell, and some families have no policy to tell of
    if (['EOPNOTSUPP', 'EINVAL', 'ENODATA'].some((code) => codeOf(error, code))) return done('unknown');
    throw error;
  }
}

const codeOf = (error: unknown, code: string): boolean => {
  if (error instanceof KernelError) return error.code === code;
  throw error;
};
