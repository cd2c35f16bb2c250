import type { Box, Cable, DrawnLink, End, Topology } from './model.ts';

/** Pixels. `letter` is how far a letter of the font goes. */
const letter = 7.9, row = 26, margin = 24, padding = 14, header = 34, lane = 16, gap = 44, between = 10;

/** A namespace with its place on the drawing. */
interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly width: number;
  readonly height: number;
  /** The middle of each link's line. */
  readonly lines: readonly number[];
}

/**
 * Draws namespaces as boxes in a row and veth pairs as lines between them: neighbours through the gap between them,
 * others below. Each line has a column of its own in the gaps that it uses.
 */
export function drawSvg({ boxes, cables }: Topology): string {
  const routes = cables.map(routeOf);
  const used = boxes.map((_, gap) => routes.flatMap((route, cable) => (route.gaps.includes(gap) ? [cable] : [])));
  const placed: Placed[] = [];
  let x = margin;
  for (const [i, box] of boxes.entries()) {
    placed.push(place(box, x));
    const last = i === boxes.length - 1;
    x += placed[i]!.width + (last && used[i]!.length === 0 ? 0 : gap + lane * Math.max(0, used[i]!.length - 1));
  }
  const below = routes.filter(({ gaps }) => gaps.length === 2).length;
  const bottom = margin + Math.max(0, ...placed.map(({ height }) => height));
  const width = x + margin, height = bottom + margin + below * lane;

  const column = (gap: number, cable: number): number => {
    const { x, width } = placed[gap]!;
    return x + width + 22 + used[gap]!.indexOf(cable) * lane;
  };
  let depth = 0;
  const wires = routes.map(({ left, right, gaps }, cable) => {
    const from = placed[left.box]!, to = placed[right.box]!;
    const start: Point = [from.x + from.width, from.lines[left.link]!];
    const end: Point = [left.box === right.box ? start[0] : to.x, to.lines[right.link]!];
    const first = column(gaps[0]!, cable);
    if (gaps.length === 1) return wire([start, [first, start[1]], [first, end[1]], end]);
    const under = bottom + ++depth * lane, second = column(gaps[1]!, cable);
    return wire([start, [first, start[1]], [first, under], [second, under], [second, end[1]], end]);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}"`,
    `  font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="#1e293b">`,
    rectangle(0, 0, width, height, 'fill="#ffffff"', 0),
    ...placed.map(drawBox),
    ...wires,
    '</svg>', '',
  ].join('\n');
}

type Point = readonly [number, number];

/** Which end is drawn from the left, and the gaps in which the line goes up or down; gap n is at the right of box n. */
function routeOf({ from, to }: Cable): { left: End; right: End; gaps: number[] } {
  const [left, right] = from.box <= to.box ? [from, to] : [to, from];
  return { left, right, gaps: right.box - left.box < 2 ? [left.box] : [left.box, right.box - 1] };
}

function place(box: Box, x: number): Placed {
  const texts = [box.title, ...box.links.map((link) => linkText(link) + (link.port ? '    ' : '  ')), ...box.routes];
  const width = Math.max(...texts.map((text) => text.length)) * letter + 2 * padding + 20;
  let y = margin + header;
  const lines = box.links.map(({ port }, i) => {
    if (i > 0 && !port) y += between;
    y += row;
    return y - row / 2;
  });
  const height = y - margin + between + box.routes.length * 20 + (box.routes.length > 0 ? 6 : 0);
  return { box, x, width, height: Math.max(height, header + row), lines };
}

function linkText({ name, kind, addresses }: DrawnLink): string {
  return [name, ...(kind === undefined || kind === 'veth' ? [] : [kind]), ...addresses].join('  ');
}

function drawBox({ box, x, width, height, lines }: Placed): string {
  const { title, links, routes } = box;
  const inner = links.flatMap((link, i) => {
    if (link.port) return [];
    const ports = links.slice(i + 1).findIndex(({ port }) => !port);
    const last = ports < 0 ? links.length - 1 : i + ports;
    const style = link.kind === 'bridge' ? 'fill="#e0f2fe" stroke="#0ea5e9"' : 'fill="#ffffff" stroke="#94a3b8"';
    return [rectangle(x + padding, lines[i]! - row / 2, width - 2 * padding, lines[last]! - lines[i]! + row, style, 5)];
  });
  const texts = links.flatMap((link, i) => {
    const left = x + padding + 14 + (link.port ? 2 * letter : 0), y = lines[i]!;
    const [name, ...rest] = linkText(link).split('  ');
    return [
      `<circle cx="${round(left)}" cy="${round(y)}" r="4" fill="${link.up ? '#16a34a' : '#cbd5e1'}"/>`,
      `<text x="${round(left + 10)}" y="${round(y + 4.5)}" xml:space="preserve"><tspan font-weight="bold">${escape(name!)}</tspan>${
        rest.map((word) => `  ${escape(word)}`).join('')}</text>`,
    ];
  });
  return [
    rectangle(x, margin, width, height, 'fill="#f8fafc" stroke="#64748b" stroke-width="1.5"', 8),
    `<text x="${round(x + padding)}" y="${margin + 22}" font-weight="bold" font-size="14">${escape(title)}</text>`,
    ...inner,
    ...texts,
    ...routes.map((route, i) =>
      `<text x="${round(x + padding)}" y="${round(margin + height - 12 - (routes.length - 1 - i) * 20)}" font-size="12" fill="#475569">${escape(route)}</text>`),
  ].join('\n');
}

/** A line with a plug at each end and round corners. */
function wire(points: readonly Point[]): string {
  const path = points.filter(([x, y], i) => i === 0 || x !== points[i - 1]![0] || y !== points[i - 1]![1]);
  const parts = path.map((point, i) => {
    const before = path[i - 1], after = path[i + 1];
    if (!before || !after) return `${before ? 'L' : 'M'}${point.map(round).join(' ')}`;
    return `L${towards(point, before)} Q${point.map(round).join(' ')} ${towards(point, after)}`;
  });
  const plug = ([x, y]: Point): string => rectangle(x - 5, y - 5, 10, 10, 'fill="#ea580c"', 2);
  return `<path d="${parts.join(' ')}" fill="none" stroke="#ea580c" stroke-width="2.5"/>${plug(path[0]!)}${plug(path.at(-1)!)}`;
}

/** The point up to 7 pixels from `at` on the way to `other`. */
function towards(at: Point, other: Point): string {
  const dx = other[0] - at[0], dy = other[1] - at[1], length = Math.hypot(dx, dy);
  const part = Math.min(7, length / 2) / length;
  return `${round(at[0] + dx * part)} ${round(at[1] + dy * part)}`;
}

const rectangle = (x: number, y: number, width: number, height: number, style: string, radius: number): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}" ${style}/>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
