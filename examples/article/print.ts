import type { NumberedStep } from './steps.ts';

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const styled = (code: number, text: string): string => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

export const print = (text = ''): void => void process.stdout.write(`${text}\n`);

export const heading = (text: string): void => print(`\n${styled(1, `━━ ${text} ${'━'.repeat(Math.max(0, 76 - text.length))}`)}\n`);

/** What is proved is said in one line; what does not hold ends the play. */
export function prove(claim: string, holds: boolean): void {
  print(`${holds ? styled(32, '✓') : styled(31, '✗')} ${claim}`);
  if (!holds) throw new Error(`this should be so, and is not: ${claim}`);
}

/** The article's command, our call, what was said to the kernel and what it said. */
export function printStep({ number, command, place, note, call }: NumberedStep, traces: readonly string[]): void {
  print(styled(1, `${number}. ${place === 'host' ? '#' : 'container #'} ${command}`));
  print(styled(36, indented(call)));
  print(traces.map((text) => indented(shortened(text))).join('\n'));
  if (note) print(styled(33, note.replaceAll(/^/gm, '  | ')));
}

/** What came of it. */
export const printLines = (lines: readonly string[]): void => print(`${indented(lines.join('\n'))}\n`);

/** How many lines of an answer are printed: a link has a hundred. */
const enough = 4;

function shortened(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > 110 ? `${line.slice(0, 109)}…` : line));
  if (!text.startsWith('<') || lines.length <= enough + 2) return lines.join('\n');
  return [...lines.slice(0, enough), `<   … and ${lines.length - enough} lines more`].join('\n');
}
