/** Bars on a logarithmic scale, one panel for each workload, our own bars in colour. */
import type { Measured, Result } from './results.ts';

const width = 880, left = 270, right = 110, bar = 16, gap = 5, head = 40, foot = 16;

export function plot(results: readonly Result[], caption: string): string {
  let y = 58;
  const panels = results.map((result) => {
    const rows = result.rows.filter(({ ms }) => ms !== undefined);
    if (rows.length === 0) return '';
    const drawn = panel(result, rows, y);
    y += head + rows.length * (bar + gap) + foot;
    return drawn;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${y}" fill="#fff"/>`,
    `<text x="16" y="28" font-size="17" font-weight="bold">netlink-ts beside the limit in C and other libraries</text>`,
    `<text x="16" y="46" fill="#666">${escape(caption)}</text>`,
    ...panels, '</svg>', '',
  ].join('\n');
}

/** What is seen at a glance: four workloads, of each program the row that its users would have, beside the first in C. */
export const glance = (results: readonly Result[]): Result[] => results.flatMap((result) => {
  const names = shownAtAGlance[result.id];
  return names === undefined ? [] : [{ ...result, limit: names[0]!, rows: result.rows.filter(({ name }) => names.includes(name)) }];
});

const peers = ['Rust rtnetlink', 'Go vishvananda', 'npm netlink', 'pyroute2'];
const shownAtAGlance: { readonly [id: string]: readonly string[] } = {
  'dump-route': ['C, structs and text', 'netlink-ts, sync', ...peers, 'ip route'],
  'get-name': ['C, structs', 'netlink-ts, sync', ...peers, 'ip link show dev, a process each'],
  add: ['C, packed', 'netlink-ts, batch, sync', ...peers, 'ip -batch'],
  wire: ['C', 'netlink-ts, sync', 'Go vishvananda', 'ip, fewest processes', 'ip, as tutorials do'],
};

function panel({ title, limit }: Result, rows: readonly Measured[], top: number): string {
  const times = rows.map(({ ms }) => ms!);
  const from = Math.floor(Math.log10(Math.min(...times)) - 0.15), to = Math.ceil(Math.log10(Math.max(...times)));
  const x = (ms: number): number => left + (Math.log10(ms) - from) / (to - from) * (width - left - right);
  const height = rows.length * (bar + gap), base = rows.find(({ name }) => name === limit)?.ms;
  const lines = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i)).map((ms) => {
    const at = x(ms).toFixed(1), y = top + head - 4, style = 'fill="#888" font-size="10" text-anchor="middle"';
    return `<path d="M${at} ${y}v${height}" stroke="#ddd"/><text x="${at}" y="${y - 4}" ${style}>${shown(ms)}</text>`;
  });
  const bars = rows.map(({ name, ms = 0, more = {} }, i) => {
    const y = top + head + i * (bar + gap), ours = name.startsWith('netlink-ts');
    const fill = ours ? '#2f74c0' : name.startsWith('C') ? '#444' : '#b9bec6';
    const weight = ours ? ' font-weight="bold"' : '';
    const ratio = base === undefined ? '' : `  (${(ms / base).toPrecision(3).replace(/\.0+$/, '')}x)`;
    const lost = more['lost'] === undefined || more['lost'] === 0 ? '' : `, ${more['lost'].toFixed(0)} lost`;
    return `<text x="${left - 8}" y="${y + 12}" text-anchor="end"${weight}>${escape(name)}</text>` +
      `<rect x="${left}" y="${y}" width="${Math.max(1, x(ms) - left).toFixed(1)}" height="${bar}" fill="${fill}"/>` +
      `<text x="${(x(ms) + 6).toFixed(1)}" y="${y + 12}"${weight}>${shown(ms)}${ratio}${lost}</text>`;
  });
  const name = `<text x="16" y="${top + 18}" font-size="14" font-weight="bold">${escape(title)}</text>`;
  return [name, ...lines, ...bars].join('\n');
}

/** Three digits at most, with a unit. */
function shown(ms: number): string {
  const units: readonly [string, number][] = [['s', 1000], ['ms', 1], ['µs', 1e-3], ['ns', 1e-6]];
  const [unit, size] = units.find((each) => ms >= each[1] * 0.9999) ?? units[3];
  return `${Number((ms / size).toPrecision(3))} ${unit}`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
