import type { Rule } from '../../route/rule/message.ts';
import { matches } from '../../route/route/match.ts';
import { refuse } from './refusal.ts';
import type { Answer, Handler, Request } from './request.ts';
import { announce } from './state.ts';

const RTM_NEWRULE = 32, RTM_DELRULE = 33, RTM_GETRULE = 34;
const group = (rule: Rule): number => (rule.family === 'inet6' ? 19 : 8);

/** What makes two rules the same. Addresses and TOS that the new one does not speak of are those of any. */
const unspoken: readonly string[] = ['src', 'dst', 'tos'];
const keys = ['family', 'tos', 'table', 'action', 'dst', 'src', 'iif', 'oif', 'goto', 'priority', 'fwmark', 'fwmask', 'protocol', 'ipProto'] as const;
const same = (present: Rule, made: Rule): boolean =>
  keys.every((key) => (unspoken.includes(key) && !made[key]) || (present[key] ?? 0) === (made[key] ?? 0));

function add({ space, value }: Request<Rule>): void {
  const family = value.family, before = space.rules.filter((rule) => rule.family === family);
  if (value.action === 'unspec') refuse('EINVAL');
  const rule = { ...value, suppressPrefixlength: -1, protocol: value.protocol ?? 'unspec' } as Rule;
  if (rule.fwmark !== undefined) rule.fwmask ??= 0xffffffff;
  // without a priority it goes before all but the first
  if (rule.priority === undefined) {
    const second = before[1]?.priority ?? 0;
    if (second > 0) rule.priority = second - 1;
  }
  if (rule.priority === 0) delete rule.priority;
  if (before.some((other) => same(other, rule))) refuse('EEXIST');
  const behind = before.filter((other) => (other.priority ?? 0) <= (rule.priority ?? 0)).at(-1);
  const at = behind ? space.rules.indexOf(behind) + 1 : before[0] ? space.rules.indexOf(before[0]) : space.rules.length;
  space.rules.splice(at, 0, rule);
  announce(space, group(rule), RTM_NEWRULE, rule);
}

function remove({ space, value }: Request<Rule>): void {
  const { flags: _flags, tos, action, table, ...rest } = value;
  const wanted = { ...rest, ...(tos ? { tos } : {}), ...(action === 'unspec' ? {} : { action }), ...(table === 'unspec' ? {} : { table }) };
  const fits = matches(wanted as never);
  const found = space.rules.find((rule) => fits({ ...rule, priority: rule.priority ?? 0 } as never));
  if (!found) refuse('ENOENT');
  space.rules.splice(space.rules.indexOf(found), 1);
  announce(space, group(found), RTM_DELRULE, found);
}

function get({ space, value }: Request<Rule>): Answer {
  return { type: RTM_NEWRULE, values: space.rules.filter((rule) => value.family === 'unspec' || rule.family === value.family) };
}

export const ruleHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWRULE]: { changes: true, run: add },
  [RTM_DELRULE]: { changes: true, run: remove },
  [RTM_GETRULE]: { changes: false, run: get },
};
