import { EncodeError, within } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { Exchange } from '../../conversation/operation.ts';
import type { Expression } from '../expressions/index.ts';
import type { Value } from '../set/value.ts';
import type { Context, Place, Statement } from './context.ts';
import { joinedIn, joinedVerdict, match, matchBits, verdictMap, type Matcher, type Selector } from './selector.ts';
import { fieldNamed, selectors, words, type Field } from './selectors.ts';
import * as statements from './statements.ts';
import type { BitsMatch, Match, RuleBuilder } from './types.ts';

export type { BitsMatch, Joined, Match, RuleBuilder } from './types.ts';

const inside = Symbol('statements');

interface Inside {
  readonly statements: readonly Statement[];
  readonly comment: string | undefined;
  /** Whether it needs sets without a name, which only a transaction can make. */
  readonly hasSets: boolean;
}

type Hidden = RuleBuilder & { readonly [inside]: Inside };

/**
 * Begins a rule, which then reads as nft writes it.
 *
 *     rule().tcp.dport(8080).dnat({ to: '172.17.0.2', port: 80 })
 *     rule().ip.saddr('10.0.0.0/24').oifname.not('docker0').masquerade()
 *
 * Each step gives a new rule and leaves the one before as it was. Values are checked when the rule is added.
 */
export const rule = (): RuleBuilder => make({ statements: [], comment: undefined, hasSets: false });

export const isBuilder = (value: object): value is RuleBuilder => inside in value;

export const insideOf = (builder: RuleBuilder): Inside => (builder as Hidden)[inside];

/** The expressions of a rule that is to stand in `place`, and what makes the sets it needs. */
export function build(
  builder: RuleBuilder, place: Place, newId?: () => number,
): { expressions: Expression[]; sets: Exchange<unknown>[] } {
  const context: Context = { ...place, newId, expressions: [], sets: [], l4proto: undefined, network: undefined };
  for (const statement of insideOf(builder).statements) statement(context);
  return { expressions: context.expressions, sets: context.sets };
}

function make(self: Inside): RuleBuilder {
  const then = (...more: Statement[]): RuleBuilder => make({ ...self, statements: [...self.statements, ...more] });
  const matching = (name: string, selector: Selector, matcher: Matcher, not: boolean): RuleBuilder => make({
    ...self, hasSets: self.hasSets || Array.isArray(matcher),
    statements: [...self.statements, named(name, match(selector, worded(selector, matcher), not))],
  });
  const matcher = (name: string, selector: Selector): Match =>
    Object.assign((value: Matcher) => matching(name, selector, value, false), {
    not: (value: Matcher) => matching(name, selector, value, true),
    vmap: (map: string) => then(named(name, verdictMap(selector, map))),
  });
  const settable = (name: string, selector: Selector, set: (value: number) => Statement) =>
    Object.assign(matcher(name, selector), { set: (value: number) => then(named(name, set(value))) });
  const bits = (name: string, selector: Selector): BitsMatch => {
    const of = (names: readonly string[]): number => names.reduce((sum, word) => sum | number(name, selector, word), 0);
    return Object.assign((...names: string[]) => then(matchBits(selector, of(names), false)), {
      not: (...names: string[]) => then(matchBits(selector, of(names), true)),
      masked: (value: readonly string[], mask: readonly string[]) =>
        matching(name, selector, { value: of(value), mask: of(mask) }, false),
    });
  };
  const group = (name: string, of: { readonly [key: string]: Selector }): { [key: string]: Match } => {
    const made: { [key: string]: Match } = {};
    for (const [key, selector] of Object.entries(of)) lazy(made, key, () => matcher(`${name}.${key}`, selector));
    return made;
  };

  const { ct, fib, meta, ether, ip, ip6, udp, sctp, th, icmp, icmpv6 } = selectors;
  const shortcuts = { iifname: meta.iifname, oifname: meta.oifname, iif: meta.iif, oif: meta.oif };
  const builder: { [key: string | symbol]: unknown } = {
    [inside]: self,
    counter: (name?: string) => then(statements.counter(name)),
    accept: () => then(statements.verdict({ code: 'accept' })),
    drop: () => then(statements.verdict({ code: 'drop' })),
    return: () => then(statements.verdict({ code: 'return' })),
    continue: () => then(statements.verdict({ code: 'continue' })),
    jump: (chain: string) => then(statements.verdict({ code: 'jump', chain })),
    goto: (chain: string) => then(statements.verdict({ code: 'goto', chain })),
    log: (options: statements.LogOptions = {}) => then(statements.log(options)),
    limit: (options: statements.LimitOptions) => then(named('limit', statements.limit(options))),
    reject: (how: statements.RejectWith = 'port-unreachable') => then(named('reject', statements.reject(how))),
    dnat: (target: statements.NatTarget | statements.NatMap) => then(named('dnat', translate('dnat', target))),
    snat: (target: statements.NatTarget | statements.NatMap) => then(named('snat', translate('snat', target))),
    concat: (...fields: Field[]) => {
      const found = (): Selector[] => fields.map(fieldNamed), name = 'concat';
      return Object.assign((set: string) => then(named(name, joinedIn(found, set, false))), {
        not: (set: string) => then(named(name, joinedIn(found, set, true))),
        vmap: (map: string) => then(named(name, joinedVerdict(found, map))),
      });
    },
    masquerade: (choice: statements.NatChoice = {}) => then(named('masquerade', statements.masquerade(choice))),
    redirect: (choice: statements.NatChoice = {}) => then(named('redirect', statements.redirect(choice))),
    queue: (number: number, options = {}) => then(statements.queue(number, options)),
    notrack: () => then(statements.notrack),
    comment: (text: string) => make({ ...self, comment: text }),
    expression: (...raw: Expression[]) => then((context) => void context.expressions.push(...raw)),
  };
  for (const [key, of] of Object.entries({ ether, ip, ip6, udp, sctp, th, icmp, icmpv6 }))
    lazy(builder, key, () => group(key, of));
  lazy(builder, 'tcp', () => Object.assign(group('tcp', { sport: selectors.tcp.sport, dport: selectors.tcp.dport }),
    { flags: bits('tcp.flags', selectors.tcp.flags) }));
  lazy(builder, 'meta', () => Object.assign(group('meta', without(meta, 'mark')),
    { mark: settable('meta.mark', meta.mark, (value) => statements.setMeta('mark', 'mark', value)) }));
  lazy(builder, 'ct', () => Object.assign(group('ct', { direction: ct.direction }), {
    state: bits('ct.state', ct.state), status: bits('ct.status', ct.status),
    mark: settable('ct.mark', ct.mark, (value) => statements.setCt('mark', 'mark', value)),
  }));
  lazy(builder, 'fib', () => ({ saddr: group('fib.saddr', fib.saddr), daddr: group('fib.daddr', fib.daddr) }));
  for (const [key, selector] of Object.entries(shortcuts)) lazy(builder, key, () => matcher(key, selector));
  return builder as unknown as RuleBuilder;
}

const translate = (type: 'snat' | 'dnat', target: statements.NatTarget | statements.NatMap): Statement =>
  (target.map === undefined ? statements.nat(type, target) : statements.natMap(type, target));

/** A statement whose errors say which word of the rule they are about. */
const named = (name: string, statement: Statement): Statement => (context) => {
  try {
    statement(context);
  } catch (error) {
    throw within(error, name);
  }
};

/** Made when it is first asked for: most of a rule's words never are. */
function lazy(target: object, key: string, value: () => unknown): void {
  Object.defineProperty(target, key, { get: value, enumerable: true, configurable: true });
}

function without(of: { readonly [key: string]: Selector }, left: string): { [key: string]: Selector } {
  return Object.fromEntries(Object.entries(of).filter(([key]) => key !== left));
}

function number(name: string, selector: Selector, word: Value): number {
  const known = words[selector.type], found = known && typeof word === 'string' && Object.hasOwn(known, word)
    ? known[word]! : Number(word);
  if (!Number.isInteger(found))
    throw new EncodeError(`must be one of ${Object.keys(known ?? {}).join(', ')} or a number, got ${show(word)}`, name);
  return found;
}

/** The words of a type as numbers; all else as it is. */
function worded(selector: Selector, matcher: Matcher): Matcher {
  const known = words[selector.type];
  if (known === undefined) return matcher;
  if (Array.isArray(matcher)) return matcher.map((value) => (Object.hasOwn(known, value) ? known[value]! : value));
  return typeof matcher === 'string' && Object.hasOwn(known, matcher) ? known[matcher]! : matcher;
}
