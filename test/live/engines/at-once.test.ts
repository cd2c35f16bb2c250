// timeout: 900 s
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { bundle } from '../../support/build.ts';
import { as, conf, lacksNat, left, linksOf, start, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const count = 50, names = Array.from({ length: count }, (_, i) => `many${i}`);
const config = (name: string) => conf({ runtimeConfig: { portMappings: [{ hostPort: 10_000 + names.indexOf(name), containerPort: 80 }] } });
let program: string[];

test.before(() => {
  names.forEach((name) => netns.create(name));
  program = [process.execPath, join(bundle(), 'engines/bin.cjs')];
});
test.after(() => names.forEach((name) => netns.delete(name)));

const all = (command: string, some: readonly string[]) =>
  Promise.all(some.map((name) => start(program, command, config(name), as(name)).ended));

test('50 processes that add at once: each container has its own address, link, rules and reservation', async () => {
  const results = await all('ADD', names);
  assert.equal(results.filter(({ code }) => code !== 0).map(({ value }) => value), []);
  const addresses = results.map(({ value }) => value.ips[0].address as string);
  assert.is(new Set(addresses).size, count);
  names.forEach((name, i) => {
    using inside = openRoute({ netns: name });
    assert.equal(inside.sync.addr.list({ dev: 'eth0', family: 'inet' }).map(({ address }) => address), [addresses[i]]);
  });
  const there = left();
  assert.is(there.filter((one) => /^nt/.test(one)).length, count);
  assert.is(there.filter((one) => one.startsWith('attachments/')).length, count);
  assert.is(there.filter((one) => one.startsWith('pools/')).length, count);
  assert.is(there.filter((one) => one === 'rule').length, count * 6);
  await Promise.all(names.map((name, i) => well('CHECK', { ...config(name), prevResult: results[i]!.value }, as(name))));
});

test('50 processes, of which half take away what others have and half add: nothing is lost or doubled', async () => {
  const going = names.slice(0, count / 2), staying = names.slice(count / 2);
  for (const { code, value } of await all('DEL', staying)) assert.is(code, 0, JSON.stringify(value));
  const [gone, come] = await Promise.all([all('DEL', going), all('ADD', staying)]);
  assert.equal([...gone, ...come].filter(({ code }) => code !== 0).map(({ value }) => value), []);
  assert.is(new Set(come.map(({ value }) => value.ips[0].address)).size, staying.length);
  assert.is(left().filter((one) => one === 'rule').length, staying.length * 6);
});

test('50 processes that take away at once leave nothing', async () => {
  for (const { code, value } of await all('DEL', names)) assert.is(code, 0, JSON.stringify(value));
  assert.equal(left(), []);
  assert.equal(names.flatMap(linksOf), []);
});

test('processes that want the same attachment at once: one has it, the others are told so', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, () => start(program, 'ADD', config('many0'), as('many0')).ended));
  assert.equal(results.map(({ value }) => value.code ?? 0).sort(), [0, 4, 4, 4, 4]);
  const won = results.find(({ code }) => code === 0)!.value;
  await well('CHECK', { ...config('many0'), prevResult: won }, as('many0'));
  await Promise.all(Array.from({ length: 3 }, async () => assert.is((await start(program, 'DEL', config('many0'), as('many0')).ended).code, 0)));
  assert.equal(left(), []);
});

const reason = noContainers() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
