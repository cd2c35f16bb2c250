import type { Protocol } from '../../src/schema/protocol.ts';
import { routeProtocol } from '../../src/route/protocol.ts';
import { compare, type Finding } from './compare.ts';
import { enumPrefixes, specsErr, specsLack, specsOf, weLack } from './gaps.ts';
import { patterns, type Reasons } from './reasons.ts';
import { readSpec } from './spec.ts';

export const protocols: readonly Protocol[] = [routeProtocol];

/** One sort of difference: those with a reason, those without, and reasons that fit nothing. */
export interface Differences {
  readonly title: string;
  readonly explained: readonly (Finding & { readonly reason: string })[];
  readonly unexplained: readonly Finding[];
  readonly stale: readonly string[];
}

/** Compares all protocols with the specs in `folder`. */
export function check(folder: string): { compared: number; differences: Differences[] } {
  const reports = protocols.map((protocol) => {
    const names = specsOf[protocol.name as keyof typeof specsOf] ?? [];
    return compare(protocol, names.map((name) => readSpec(folder, name)), enumPrefixes);
  });
  const all = (of: 'wrong' | 'specsLack' | 'weLack') => reports.flatMap((report) => [...report[of].values()]);
  return {
    compared: reports.reduce((sum, report) => sum + report.compared, 0),
    differences: [
      sort('We disagree', all('wrong'), specsErr),
      sort('We have it, the specs do not', all('specsLack'), specsLack),
      sort('The specs have it, we do not', all('weLack'), weLack),
    ],
  };
}

function sort(title: string, findings: readonly Finding[], reasons: Reasons): Differences {
  const used = new Set<string>(), known = patterns(reasons);
  const speaks = ({ key, text }: Finding) => known.find(({ fits }) => fits.test(key) || fits.test(text));
  const reasonOf = (finding: Finding): string | undefined => {
    const found = speaks(finding);
    if (found) used.add(found.key);
    return found && reasons[found.key];
  };
  const explained = findings.flatMap((finding) => {
    const reason = reasonOf(finding);
    return reason === undefined ? [] : [{ ...finding, reason }];
  });
  const unexplained = findings.filter((finding) => !speaks(finding));
  return { title, explained, unexplained, stale: Object.keys(reasons).filter((key) => !used.has(key)) };
}

/** The whole report, for people. */
export function render({ compared, differences }: ReturnType<typeof check>): string {
  return [
    `${compared} numbers, names, widths and byte orders stand on both sides.`,
    ...differences.flatMap(({ title, explained, unexplained, stale }) => [
      `\n${title}: ${unexplained.length} without a reason, ${explained.length} with one`,
      ...unexplained.map(({ key, text }) => `  ! ${key}: ${text}`),
      ...stale.map((key) => `  ! the reason for "${key}" fits nothing`),
      ...[...new Set(explained.map(({ reason }) => reason))].flatMap((reason) =>
        [`  ${reason}:`, ...explained.filter((one) => one.reason === reason).map(({ text }) => `      ${text}`)]),
    ]),
  ].join('\n');
}
