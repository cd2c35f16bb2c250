import { later } from '../schema/later.ts';
import * as chain from './chain/operations.ts';
import * as conntrack from './conntrack/operations.ts';
import * as element from './element/operations.ts';
import * as flowtable from './flowtable/operations.ts';
import * as generation from './generation/operations.ts';
import * as object from './object/operations.ts';
import * as rule from './rule/operations.ts';
import * as ruleset from './ruleset/operations.ts';
import * as set from './set/operations.ts';
import * as table from './table/operations.ts';

/** The families of operations, as they stand on a connection: `nl.rule.add(...)`. */
export const families = later({
  table: () => table, chain: () => chain, rule: () => rule, set: () => set, element: () => element, object: () => object,
  flowtable: () => flowtable, ruleset: () => ruleset, generation: () => generation, conntrack: () => conntrack,
});
