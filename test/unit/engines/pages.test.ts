import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/engines/cni/config.ts';
import { pageOf } from '../../support/page.ts';

const pages = readdirSync(new URL('../../../docs/engines/', import.meta.url));

/** The networks that a shell writes: what begins as one, up to the line that ends the file. */
const networksOf = (block: string): object[] =>
  [...block.matchAll(/^(\{ "(?:cniVersion|name)"[^]*?)\nCONF$/gm)].map(([, text]) => JSON.parse(text!) as object);

test('every network on the pages is one that we read', () => {
  const networks = pages.flatMap((name) => pageOf(name).shell).flatMap(networksOf);
  assert.is(networks.length, 6);
  for (const { plugins = [undefined], ...whole } of networks as { plugins?: (object | undefined)[] }[])
    for (const plugin of plugins) readConfig(JSON.stringify({ cniVersion: '1.1.0', ...whole, ...plugin }), { args: {} });
});

test('every page draws what comes of it', () => {
  for (const name of pages) assert.ok(pageOf(name).addresses.length > 0, name);
});

test.run();
