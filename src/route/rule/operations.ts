import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, type Exchange, type Operation, type Steps } from '../../conversation/operation.ts';
import { errno } from '../../errno.ts';
import { EncodeError, KernelError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { familyOf } from '../family.ts';
import { matches } from '../route/match.ts';
import { isUnicast, ruleMessage, type Rule, type RuleInput } from './message.ts';

const RTM_NEWRULE = 32, RTM_DELRULE = 33, RTM_GETRULE = 34;

/** Which rules are listed. The kernel filters by family, the rest is filtered here. */
export interface RuleFilter {
  /** IPv4 and IPv6 unless given; the rules of multicast routing are 128 (IPv4) and 129 (IPv6). */
  readonly family?: 'inet' | 'inet6' | (number & {}) | undefined;
  readonly table?: Rule['table'] | undefined;
  readonly priority?: number | undefined;
  readonly protocol?: Rule['protocol'] | undefined;
  readonly action?: Rule['action'] | undefined;
}

/**
 * Lists the rules that choose a routing table, in the order they are tried, IPv4 before IPv6. Those of multicast routing
 * (`ip mrule show`) are listed by their family alone.
 *
 * Equivalent to `ip rule show` and `ip -6 rule show`.
 */
export const list = (filter: RuleFilter = {}): Operation<Rule[]> => {
  const { family, table, priority, protocol, action } = filter;
  const keep = (rule: Rule): boolean =>
    (family === undefined ? isUnicast(rule) : rule.family === family) && (table === undefined || rule.table === table) && (priority === undefined || (rule.priority ?? 0) === priority) &&
    (protocol === undefined || rule.protocol === protocol) && (action === undefined || rule.action === action);
  return dump('rule.list', RTM_GETRULE, ruleMessage, { family }, ruleMessage, keep, () => `ip ${family === 'inet6' || family === 129 ? '-6 ' : ''}${typeof family === 'number' ? 'm' : ''}rule show`);
};

/**
 * Makes a rule; a packet that it fits is looked up in the main table unless another table or action is given. Without a
 * priority the kernel puts it before all others but the first. A rule without addresses is for IPv4 unless `family` says.
 *
 * Equivalent to `ip rule add from SRC to DST ... table TABLE`. Fails with EEXIST where there is the same.
 */
export const add = (rule: RuleInput): Operation<void> =>
  acknowledged('rule.add', RTM_NEWRULE, NLM_F.CREATE | NLM_F.EXCL, ruleMessage, prepareNew(rule), () => `ip rule add ${text(rule)}`);

/**
 * Deletes the first rule that has all that is given. A rule that was listed can be given as it is.
 *
 * Equivalent to `ip rule delete`. Fails with ENOENT where there is none.
 */
const remove = (rule: RuleInput): Operation<void> =>
  acknowledged('rule.delete', RTM_DELRULE, 0, ruleMessage, prepare(rule), () => `ip rule delete ${text(rule)}`);
export { remove as delete };

/** Sees to it that there is a rule as described, and gives it as it is then. Nothing is sent where one has all that is given. */
export function* ensure(rule: RuleInput): Steps<Rule> {
  const wire = prepareNew(rule), family = wire.family as 'inet';
  const fits = matches(wire as never);
  const find = function* () {
    return (yield* ask(list({ family }))).find((other) => fits({ ...other, priority: other.priority ?? 0 } as never));
  };
  const there = yield* find();
  if (there) return done(there);
  yield* ask({ ...(add(rule) as Exchange<void>), operation: 'rule.ensure' });
  const made = yield* find();
  if (!made) throw new KernelError({ operation: 'rule.ensure', errno: errno.ENOENT, hint: 'The rule was made, but the kernel does not report it as it was given' });
  return done(made);
}

/**
 * Deletes the rules that a filter picks, and gives their number. The kernel's own (to the tables local, main and default)
 * stay unless the filter names their protocol, `kernel`.
 *
 * As `ip rule flush`, which deletes two of those three.
 */
export function* flush(filter: RuleFilter = {}): Steps<number> {
  let count = 0;
  for (const rule of yield* ask(list(filter))) {
    if (rule.protocol === 'kernel' && filter.protocol !== 'kernel') continue;
    try {
      yield* ask(remove(rule));
      count++;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'ENOENT') throw error;
    }
  }
  return done(count);
}

function prepareNew(rule: RuleInput): RuleInput {
  const wire = prepare(rule), { action = 'lookup' } = wire;
  const needsTable = action === 'lookup' && !wire.l3mdev;
  return Object.assign({}, wire, { action, table: wire.table ?? (needsTable ? 'main' : undefined) });
}

function prepare(rule: RuleInput): RuleInput {
  if (typeof rule !== 'object' || rule === null) throw new EncodeError(`must be a rule like { src: '10.0.0.0/8', table: 100 }, got ${show(rule)}`, 'rule');
  const { sport, dport, uidRange, flags, ...rest } = rule;
  return Object.assign(rest, {
    family: ruleFamily(rule), action: rest.action ?? (rest.goto === undefined ? undefined : 'goto'), sport: range(sport, 'sport'), dport: range(dport, 'dport'), uidRange: range(uidRange, 'uidRange'),
    // what else a listed rule has is a state and no wish
  }, flags ? { flags: { invert: flags.invert, findSaddr: flags.findSaddr } } : undefined);
}

function ruleFamily({ family, src, dst, flowlabel }: RuleInput): Rule['family'] {
  if (family !== undefined && family !== 'unspec') return family;
  for (const text of [src, dst]) {
    const found = typeof text === 'string' && text !== 'default' ? familyOf(text) : undefined;
    if (found) return found;
  }
  return flowlabel === undefined ? 'inet' : 'inet6';
}

function range<T extends number | { start: number; end: number } | undefined>(value: T, field: string): { start: number; end: number } | undefined {
  if (typeof value === 'number') return { start: value, end: value };
  if (value !== undefined && value.start > value.end) throw new EncodeError(`must not start behind its end, got ${show(value)}`, field);
  return value;
}

/** A rule in the words of `ip`. */
function text({ src = 'all', dst, iif, oif, fwmark, priority, table, action, goto, flags }: RuleInput): string {
  return [
    flags?.invert && 'not', `from ${quote(src)}`, dst && `to ${quote(dst)}`, iif && `iif ${quote(iif)}`, oif && `oif ${quote(oif)}`, fwmark !== undefined && `fwmark ${fwmark}`,
    priority !== undefined && `priority ${priority}`, action === undefined || action === 'lookup' ? `table ${quote(String(table ?? 'main'))}` : action === 'goto' && goto !== undefined ? `goto ${goto}` : quote(String(action)),
  ].filter(Boolean).join(' ');
}
