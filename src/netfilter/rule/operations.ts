import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { build, insideOf, isBuilder, type RuleBuilder } from '../builder/builder.ts';
import { change, echoed, several, type Change, type Echo } from '../change.ts';
import { nft } from '../command.ts';
import type { Expression } from '../expressions/index.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { ruleMessage, type Rule } from './message.ts';

/** The chain that a rule stands in. */
export interface RuleChain {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
}

/** A rule as it is made: expressions, or what `rule()` built of them. */
export type RuleInput = RuleChain & Omit<Partial<Rule>, 'expressions'> & {
  readonly expressions: readonly Expression[] | RuleBuilder;
};

/** Which rule: it has no name but its handle. */
export interface RuleRef extends RuleChain {
  readonly handle: bigint;
}

export interface RuleFilter {
  readonly family?: Family | undefined;
  readonly table?: string | undefined;
  readonly chain?: string | undefined;
}

/** Where a new rule goes; at the end unless given. */
export interface RulePlace {
  /** Behind the rule with this handle. */
  readonly after?: bigint | undefined;
  /** Before the rule with this handle; with `insert` alone. */
  readonly before?: bigint | undefined;
}

/**
 * Lists rules. The kernel filters by family, table and chain. Equivalent to `nft --handle list ruleset`, or a part of
 * it.
 */
export function list(filter: RuleFilter = {}): Exchange<Rule[]> {
  const { family = 'unspec', table, chain } = filter;
  const keep = (rule: Rule) => (table === undefined || rule.table === table) &&
    (chain === undefined || rule.chain === chain);
  return dump('rule.list', NFT_MSG.GETRULE, ruleMessage, { family, table, chain }, ruleMessage, keep,
    () => nft(`list ${chain === undefined ? 'ruleset' : `chain ${family} ${table} ${chain}`}`, '--handle '));
}

/** One rule. Fails with ENOENT where there is none. */
export const get = (rule: RuleRef): Exchange<Rule> =>
  single('rule.get', NFT_MSG.GETRULE, 0, ruleMessage, refOf(rule), ruleMessage);

/**
 * Adds a rule at the end of its chain, or behind another.
 *
 * Equivalent to `nft add rule FAMILY TABLE CHAIN [handle AFTER] ...`. Fails with ENOENT where the table, chain or set
 * is not there, with EOPNOTSUPP where its chain has no place for such an expression.
 */
export const add = (rule: RuleInput, place: Pick<RulePlace, 'after'> & Echo = {}): Change<Rule | undefined> =>
  newRule('rule.add', NLM_F.CREATE | NLM_F.APPEND, { ...rule, handle: undefined, position: place.after }, place,
    `add rule ${told(rule)}${place.after === undefined ? '' : ` handle ${place.after}`}`);

/**
 * Adds a rule at the beginning of its chain, or before another. Equivalent to `nft insert rule FAMILY TABLE CHAIN
 * [handle BEFORE] ...`.
 */
export const insert = (rule: RuleInput, place: Pick<RulePlace, 'before'> & Echo = {}): Change<Rule | undefined> =>
  newRule('rule.insert', NLM_F.CREATE, { ...rule, handle: undefined, position: place.before }, place,
    `insert rule ${told(rule)}${place.before === undefined ? '' : ` handle ${place.before}`}`);

/**
 * Puts a rule in the place of another, which `handle` names. Equivalent to `nft replace rule FAMILY TABLE CHAIN handle
 * HANDLE ...`.
 */
export const replace = (rule: RuleInput & { readonly handle: bigint }): Change =>
  newRule('rule.replace', NLM_F.REPLACE, { ...rule, position: undefined }, {},
    `replace rule ${told(rule)} handle ${rule.handle}`) as unknown as Change;

/**
 * Deletes a rule. Equivalent to `nft delete rule FAMILY TABLE CHAIN handle HANDLE`. Fails with ENOENT where there is
 * none.
 */
function deleteRule(rule: RuleRef): Change {
  return change('rule.delete', NFT_MSG.DELRULE, 0, ruleMessage, refOf(rule), () =>
    nft(`delete rule ${told(rule)} handle ${rule.handle}`));
}
export { deleteRule as delete };

/**
 * Deletes all rules of a chain, or of a table. Equivalent to `nft flush chain FAMILY TABLE CHAIN` or `nft flush table
 * FAMILY TABLE`.
 */
export const flush = (chain: Omit<RuleChain, 'chain'> & { readonly chain?: string | undefined }): Change =>
  change('rule.flush', NFT_MSG.DELRULE, 0, ruleMessage,
    { family: chain.family, table: chain.table, chain: chain.chain }, () => (chain.chain === undefined
      ? nft(`flush table ${chain.family} ${chain.table}`) : nft(`flush chain ${told(chain as RuleChain)}`)));

function newRule(
  operation: string, flags: number, rule: RuleInput, options: Echo, command: string,
): Change<Rule | undefined> {
  const { expressions, ...rest } = rule;
  const make = (steps: readonly Expression[], more: object = {}): Change<Rule | undefined> =>
    echoed(change(operation, NFT_MSG.NEWRULE, flags, ruleMessage, { ...rest, ...more, expressions: steps }, () =>
      nft(command)), ruleMessage, options);
  if (!isBuilder(expressions)) return make(expressions);
  const place = { family: rule.family, table: rule.table }, { comment: text, hasSets } = insideOf(expressions);
  const comment = text === undefined ? {} : { userdata: { ...rest.userdata, comment: text } };
  if (!hasSets) return make(build(expressions, place).expressions, comment);
  return several(operation, make([]), (newId) => {
    const built = build(expressions, place, newId);
    return [...built.sets, make(built.expressions, comment)];
  });
}

const refOf = (rule: RuleRef) => ({ family: rule.family, table: rule.table, chain: rule.chain, handle: rule.handle });
const told = (rule: RuleChain): string => `${rule.family} ${rule.table} ${rule.chain}`;
