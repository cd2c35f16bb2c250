import type { Box, Cable, DrawnLink, End, Topology } from './model.ts';

/** Draws namespaces one below the other, and veth pairs as lines at their right. */
export function drawText({ boxes, cables }: Topology): string {
  const contents = boxes.map(boxLines);
  const widths = boxes.map(({ title }, i) => Math.max(title.length + 3, ...contents[i]!.map((text) => text.length + 2)));
  const width = Math.max(...widths);
  const lines: string[] = [];
  const rows = new Map<string, number>();
  boxes.forEach(({ title, links }, box) => {
    lines.push(`┌ ${title} ${'─'.repeat(width - title.length - 2)}┐`);
    contents[box]!.forEach((text, row) => {
      if (row < links.length) rows.set(`${box} ${row}`, lines.length);
      lines.push(`│ ${text.padEnd(width - 2)} │`);
    });
    lines.push(`└${'─'.repeat(width)}┘`);
  });
  const at = ({ box, link }: End): number => rows.get(`${box} ${link}`)!;
  return join(lines, cables.map((cable) => spanOf(cable, at))).join('\n');
}

/** What is in a namespace, a line for each link and route. */
export const boxLines = ({ links, routes }: Box): string[] => [...links.map(linkText), ...routes];

function linkText({ name, kind, up, addresses, port }: DrawnLink, row: number, links: Box['links']): string {
  const branch = !port ? '' : links[row + 1]?.port ? '├ ' : '└ ';
  return [(branch + name).padEnd(9), (kind ?? '').padEnd(7), up ? 'up  ' : 'down', ...addresses].join(' ').trimEnd();
}

interface Span {
  readonly top: number;
  readonly bottom: number;
}

function spanOf({ from, to }: Cable, at: (end: End) => number): Span {
  const ends = [at(from), at(to)];
  return { top: Math.min(...ends), bottom: Math.max(...ends) };
}

/** Draws each span in a column of its own, where others would touch it; short ones lie inside. */
function join(lines: readonly string[], spans: readonly Span[]): string[] {
  const lanes: Span[][] = [];
  for (const span of [...spans].sort((a, b) => a.bottom - a.top - (b.bottom - b.top))) {
    const free = lanes.find((lane) => lane.every(({ top, bottom }) => span.bottom < top || bottom < span.top));
    if (free) free.push(span);
    else lanes.push([span]);
  }
  return lines.map((line, row) => {
    const lane = lanes.findIndex((lane) => lane.some(({ top, bottom }) => row === top || row === bottom));
    const cells = lanes.map((spans, i) => {
      const passes = spans.some(({ top, bottom }) => top < row && row < bottom);
      if (i === lane) return spans.some(({ top }) => top === row) ? '──┐' : '──┘';
      if (i < lane) return passes ? '──┼' : '───';
      return passes ? '  │' : '   ';
    });
    return (lane < 0 ? line : `${line.slice(0, -1)}├`) + cells.join('').trimEnd();
  });
}
