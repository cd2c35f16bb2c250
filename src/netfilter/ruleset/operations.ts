import { ask, done, type Steps } from '../../conversation/operation.ts';
import type { Chain } from '../chain/message.ts';
import * as chain from '../chain/operations.ts';
import type { Element } from '../element/message.ts';
import * as element from '../element/operations.ts';
import type { Flowtable } from '../flowtable/message.ts';
import * as flowtable from '../flowtable/operations.ts';
import type { Family } from '../header.ts';
import type { NftObject } from '../object/message.ts';
import * as object from '../object/operations.ts';
import type { Rule } from '../rule/message.ts';
import * as rule from '../rule/operations.ts';
import type { NftSet } from '../set/message.ts';
import * as set from '../set/operations.ts';
import type { Table } from '../table/message.ts';
import * as table from '../table/operations.ts';
import * as generation from '../generation/operations.ts';

/** Everything, or everything of one table. */
export interface Ruleset {
  /**
   * The number that the ruleset had: a transaction that is given it fails with ERESTART where it has another by then.
   */
  readonly generation: number;
  readonly tables: Table[];
  readonly chains: Chain[];
  readonly rules: Rule[];
  readonly sets: (NftSet & { readonly elements: Element[] })[];
  readonly objects: NftObject[];
  readonly flowtables: Flowtable[];
}

export interface RulesetFilter {
  readonly family?: Family | undefined;
  readonly table?: string | undefined;
}

/** Times that everything is read anew because it changed meanwhile. */
const tries = 10;

/**
 * Lists tables, chains, rules, sets with their elements, objects and flow tables, all of the same moment.
 *
 * Equivalent to `nft --handle list ruleset`, or with a table `nft --handle list table FAMILY TABLE`.
 */
export function* list(filter: RulesetFilter = {}): Steps<Ruleset> {
  for (let left = tries; ; left--) {
    const { id } = yield* ask(generation.get());
    let read: Omit<Ruleset, 'generation'> | undefined;
    try {
      read = yield* everything(filter);
    } catch (error) {
      // a table or set may have gone between two questions
      if ((error as { code?: string }).code !== 'ENOENT' || left === 0) throw error;
    }
    const { id: now } = yield* ask(generation.get());
    if (read && (now === id || left === 0)) return done({ generation: id, ...read });
  }
}

function* everything(filter: RulesetFilter): Generator<any, Omit<Ruleset, 'generation'>, any> {
  const keep = <T extends { table?: string }>(items: T[]): T[] =>
    (filter.table === undefined ? items : items.filter((item) => item.table === filter.table));
  const tables = (yield* ask(table.list({ family: filter.family }))).filter(({ name }) => filter.table === undefined ||
    name === filter.table);
  const chains = yield* ask(chain.list(filter)), rules = yield* ask(rule.list(filter));
  const sets: (NftSet & { elements: Element[] })[] = [];
  for (const one of tables.length > 0 ? keep(yield* ask(set.list({ family: filter.family }))) : [])
    sets.push({ ...one, elements: yield* ask(element.list(one)) });
  const objects = keep(yield* ask(object.list({ family: filter.family })));
  const flowtables = keep(yield* ask(flowtable.list({ family: filter.family })));
  return { tables, chains, rules, sets, objects, flowtables };
}
