import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DrawnLink, Topology } from '../../../examples/topology/model.ts';
import { drawSvg } from '../../../examples/topology/svg.ts';
import { drawText } from '../../../examples/topology/text.ts';

const link = (name: string, more: Partial<DrawnLink> = {}): DrawnLink => ({ name, kind: 'veth', up: true, addresses: [], port: false, ...more });

const topology: Topology = {
  boxes: [
    { title: 'a', links: [link('x', { addresses: ['192.0.2.1/24'] })], routes: ['default via 192.0.2.254 dev x'] },
    { title: 'b', links: [link('br0', { kind: 'bridge' }), link('p', { port: true }), link('q', { port: true, up: false }), link('<r>')], routes: [] },
    { title: 'c', links: [link('y'), link('z')], routes: [] },
  ],
  cables: [
    { from: { box: 0, link: 0 }, to: { box: 2, link: 1 } },
    { from: { box: 1, link: 1 }, to: { box: 1, link: 3 } },
    { from: { box: 1, link: 2 }, to: { box: 2, link: 0 } },
  ],
};

test('as text', () => {
  assert.is(drawText(topology), `
┌ a ──────────────────────────────────┐
│ x         veth    up   192.0.2.1/24 ├────────┐
│ default via 192.0.2.254 dev x       │        │
└─────────────────────────────────────┘        │
┌ b ──────────────────────────────────┐        │
│ br0       bridge  up                │        │
│ ├ p       veth    up                ├──┐     │
│ └ q       veth    down              ├──┼──┐  │
│ <r>       veth    up                ├──┘  │  │
└─────────────────────────────────────┘     │  │
┌ c ──────────────────────────────────┐     │  │
│ y         veth    up                ├─────┘  │
│ z         veth    up                ├────────┘
└─────────────────────────────────────┘`.trimStart());
});

test('as SVG, lines do not run along each other nor through boxes', () => {
  const svg = drawSvg(topology);
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="8"/g)]
    .map(([, x, y, width, height]) => ({ left: Number(x), right: Number(x) + Number(width), top: Number(y), bottom: Number(y) + Number(height) }));
  assert.is(boxes.length, 3);
  boxes.slice(1).forEach((box, i) => assert.ok(box.left > boxes[i]!.right + 20));

  const paths = [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d!.match(/[\d.]+ [\d.]+/g)!.map((pair) => pair.split(' ').map(Number)));
  assert.is(paths.length, 3);
  for (const [x, y] of paths.flat())
    assert.not(boxes.some(({ left, right, top, bottom }) => left < x! && x! < right && top < y! && y! < bottom));
  const upright = paths.map((path) => path.flatMap(([x], i) => (i > 0 && path[i - 1]![0] === x ? [x] : [])));
  assert.is(new Set(upright.flat()).size, upright.reduce((sum, columns) => sum + new Set(columns).size, 0));
  assert.match(svg, />&lt;r><\/tspan>/);
});

test('nothing at all can be drawn', () => {
  assert.is(drawText({ boxes: [], cables: [] }), '');
  assert.match(drawSvg({ boxes: [], cables: [] }), /^<svg /);
});

test.run();
