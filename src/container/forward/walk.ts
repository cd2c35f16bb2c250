import type { Chain, Rule } from '../../netfilter/index.ts';
import { judge } from './matches.ts';
import type { Packet } from './packet.ts';

/** Where a packet ends: the chain, and the rule in it; none where it is the chain's policy. */
export interface End {
  readonly verdict: 'accept' | 'drop';
  readonly chain: string;
  readonly rule?: Rule | undefined;
}

type Returned = { readonly verdict: 'return' };

/**
 * Where a packet may end that goes through a chain of the kernel's (one with a hook): several ends where it depends on
 * what is not known of it. `rules` are those of the chain's table, in their order.
 */
export function walk({ name = '', policy }: Chain, rules: readonly Rule[], packet: Packet): readonly End[] {
  const end: End = { verdict: policy === 'drop' ? 'drop' : 'accept', chain: name };
  return through(name, rules, packet).map((one) => (one.verdict === 'return' ? end : one));
}

function through(chain: string, rules: readonly Rule[], packet: Packet): readonly (End | Returned)[] {
  const ends: (End | Returned)[] = [];
  for (const rule of rules) {
    if (rule.chain !== chain) continue;
    const { matching, verdict } = judge(rule, packet);
    if (matching === 'no' || verdict === 'none') continue;
    const found = endsOf(verdict, chain, rule, rules, packet);
    ends.push(...found.ends);
    if (matching === 'yes' && !found.goesOn) return ends;
  }
  return [...ends, { verdict: 'return' }];
}

/** Where a verdict leads, and whether the next rule may be reached behind it. */
function endsOf(verdict: Exclude<ReturnType<typeof judge>['verdict'], 'none'>, chain: string, rule: Rule, rules: readonly Rule[], packet: Packet):
  { readonly ends: readonly (End | Returned)[]; readonly goesOn: boolean } {
  if (verdict === 'accept' || verdict === 'drop') return { ends: [{ verdict, chain, rule }], goesOn: false };
  if (verdict === 'return') return { ends: [{ verdict }], goesOn: false };
  if (verdict === 'unknown') return { ends: [{ verdict: 'accept', chain, rule }, { verdict: 'drop', chain, rule }], goesOn: true };
  if ('goto' in verdict) return { ends: through(verdict.goto, rules, packet), goesOn: false };
  const ends = through(verdict.jump, rules, packet);
  return { ends: ends.filter((one) => one.verdict !== 'return'), goesOn: ends.some((one) => one.verdict === 'return') };
}
