import type { RuleBuilder } from './builder/builder.ts';
import * as chain from './chain/operations.ts';
import type { Change, Echo } from './change.ts';
import * as element from './element/operations.ts';
import type { ElementInput } from './element/values.ts';
import type { Expression } from './expressions/index.ts';
import type { Family } from './header.ts';
import * as rule from './rule/operations.ts';
import type { Rule } from './rule/message.ts';
import * as set from './set/operations.ts';
import * as table from './table/operations.ts';
import { later } from '../schema/later.ts';

/** Most tables have rules alone. */
const parts = later({ element: () => element, set: () => set });

type Within<T> = Omit<T, 'family' | 'table'>;
type OwnRule = Pick<Rule, 'userdata'> & rule.RulePlace & Echo;
type OwnSet = Within<set.SetInput> & { readonly name: string };

/**
 * Changes of one table, which cannot touch another: what programs use that have a table of their own.
 *
 *     const own = ownTable('netlink-ts', 'ip');
 *     await nl.transaction([
 *       own.reset(),
 *       own.chain({ name: 'pre', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
 *       own.rule('pre', rule().tcp.dport(8080).dnat({ to: '172.17.0.2', port: 80 })),
 *     ]);
 */
export interface OwnTable {
  readonly family: Family;
  readonly name: string;
  /** Makes the table if it is not there. */
  add(comment?: string): Change<unknown>;
  /** Makes the table, or empties it: what follows in the transaction is all there is in it. */
  reset(comment?: string): Change;
  /** Deletes the table with all that is in it, if it is there. */
  remove(): Change;
  chain(input: Within<chain.ChainInput> & { readonly name: string }): Change<unknown>;
  deleteChain(name: string): Change;
  /** At the end of a chain, or behind the rule `after`. */
  rule(chain: string, expressions: RuleBuilder | readonly Expression[], more?: OwnRule): Change<Rule | undefined>;
  /** At the beginning of a chain, or before the rule `before`. */
  insertRule(chain: string, expressions: RuleBuilder | readonly Expression[], more?: OwnRule): Change<Rule | undefined>;
  /** Deletes a rule by its handle, or all rules of a chain. */
  deleteRule(chain: string, handle: bigint): Change;
  flush(chain: string): Change;
  set(input: OwnSet): Change<unknown>;
  deleteSet(name: string): Change;
  elements(set: OwnSet, elements: readonly ElementInput[]): Change;
  deleteElements(set: OwnSet, elements: readonly ElementInput[]): Change;
  /** Whether something that was listed is in this table. */
  owns(listed: { readonly family?: Family | undefined; readonly table?: string | undefined }): boolean;
}

/** The table `name` of `family`; `inet` has rules for IPv4 and IPv6. */
export function ownTable(name: string, family: Family = 'inet'): OwnTable {
  const place = { family, table: name }, userdata = (comment: string | undefined) =>
    (comment === undefined ? {} : { userdata: { comment } });
  return {
    family, name,
    add: (comment) => table.add({ family, name, ...userdata(comment) }),
    reset: (comment) => table.reset({ family, name, ...userdata(comment) }),
    remove: () => table.remove({ family, name }),
    chain: (input) => chain.add({ ...input, ...place }),
    deleteChain: (which) => chain.delete({ ...place, name: which }),
    rule: (which, expressions, { after, echo, userdata: data } = {}) =>
      rule.add({ ...place, chain: which, expressions, userdata: data }, { after, echo }),
    insertRule: (which, expressions, { before, echo, userdata: data } = {}) =>
      rule.insert({ ...place, chain: which, expressions, userdata: data }, { before, echo }),
    deleteRule: (which, handle) => rule.delete({ ...place, chain: which, handle }),
    flush: (which) => rule.flush({ ...place, chain: which }),
    set: (input) => parts.set.add({ ...input, ...place }),
    deleteSet: (which) => parts.set.delete({ ...place, name: which }),
    elements: (which, elements) => parts.element.add({ ...which, ...place }, elements),
    deleteElements: (which, elements) => parts.element.delete({ ...which, ...place }, elements),
    owns: (listed) => listed.family === family && listed.table === name,
  };
}
