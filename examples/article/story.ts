/**
 * The article from its first line to its last, on a real kernel. It changes the namespace it finds itself in, which is
 * why run.ts runs it in a sandbox.
 *
 *     story.ts [--out FOLDER] [--record FOLDER]     where drawings and tapes go
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openRoute, type RouteClient, type RouteOptions } from 'netlink-ts';
import { recordRoute } from 'netlink-ts/testing';
import { readTopology } from '../topology/read.ts';
import { drawSvg } from '../topology/svg.ts';
import { boxLines, drawText } from '../topology/text.ts';
import { heading, print, printLines, printStep, prove } from './print.ts';
import { ask, build, containerAddress, gateway, type Scenery } from './scenery.ts';
import type { World } from './step.ts';
import { allSteps, perform } from './steps.ts';

const { values: { out, record } } = parseArgs({ options: { out: { type: 'string' }, record: { type: 'string' } } });
const saves: (() => void)[] = [];

const scenery = await build();
const { pid } = scenery;
const world: World = { host: open('host'), container: open('container', { netns: { pid } }), pid };
try {
  await play(scenery, world);
  for (const save of saves) save();
} finally {
  world.host.close();
  world.container.close();
  scenery.close();
}

/** The steps have connections of their own: only what they say is recorded. */
function open(place: 'host' | 'container', options: RouteOptions = {}): RouteClient {
  if (record === undefined) return openRoute(options);
  mkdirSync(record, { recursive: true });
  const { nl, tape } = recordRoute({ ...options, title: `The article's recipe, what is done ${place === 'host' ? 'on the host' : 'in the container'}` });
  saves.push(() => tape.save(join(record, `${place}.tape`)));
  return nl;
}

async function play({ container, host, lan, laptop }: Scenery, world: World): Promise<void> {
  const places = [container, host, lan, laptop], steps = await allSteps();
  const draw = async (name: string): Promise<void> => {
    const topology = await readTopology(places);
    print(`${drawText(topology)}\n`);
    if (out) writeFileSync(join(out, `${name}.svg`), drawSvg(topology));
  };
  const show = async (first: number, last: number): Promise<void> => {
    for (const step of steps.slice(first - 1, last)) {
      const { lines, traces } = await perform(step, world);
      printStep(step, traces);
      if (!lines) print(`  ${step.place} now:`);
      printLines(lines ?? boxLines((await readTopology(places)).boxes[step.place === 'host' ? 1 : 0]!));
    }
  };
  const reachesGateway = async (from: typeof host) => await ask(from.ns, gateway, 2000) === 'hello from the gateway';
  const laptopReaches = (milliseconds: number) => ask(laptop.ns, containerAddress, milliseconds);

  heading('What the article finds: a host on a LAN, a container without a network');
  await draw('0-before');
  prove('the host reaches its gateway, over em1', await reachesGateway(host));
  prove(`the laptop gets no answer from ${containerAddress}`, await laptopReaches(300) === undefined);

  heading('A bridge takes the place of em1');
  await show(1, 6);
  await draw('1-bridge');
  prove('the host reaches its gateway, over br0', await reachesGateway(host));

  heading('A veth pair from the bridge to the container');
  await show(7, 10);
  await draw('2-veth');
  prove(`without the last steps the laptop gets no answer from ${containerAddress}`, await laptopReaches(300) === undefined);

  heading('Inside the container');
  await show(11, 14);
  await draw('3-container');

  heading('The proof');
  await show(15, 15);
  const answer = await laptopReaches(5000);
  prove(`the laptop asks http://${containerAddress}/ and gets ${answer === undefined ? 'no answer' : `"${answer}"`}`, answer === 'hello from the container');
  prove('the host still reaches its gateway', await reachesGateway(host));
  prove('the container reaches the gateway too', await reachesGateway(container));
}
