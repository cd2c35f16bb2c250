import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/engines/cni/config.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { noContainers } from '../../support/installed.ts';
import { makePlugin } from '../../support/plugin.ts';
import { skip } from '../../support/skip.ts';

const pages = new URL('../../../docs/engines/', import.meta.url);
const page = (name: string): string => readFileSync(new URL(name, pages), 'utf8');

/** The networks that a page shows: what begins as one, up to the line that makes it whole. */
function networksOf(text: string): object[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    if (!/^ {4}\{ "(cniVersion|name)"/.test(line)) return [];
    for (let end = at + 1; end < at + 6; end++)
      try {
        return [JSON.parse(lines.slice(at, end).join('\n')) as object];
      } catch {}
    throw new Error(`this is no JSON: ${line}`);
  });
}

test('every network on the pages is one that we read', () => {
  const networks = readdirSync(pages).flatMap((name) => networksOf(page(name)));
  assert.ok(networks.length >= 6, `${networks.length} networks`);
  for (const { plugins = [undefined], ...whole } of networks as { plugins?: (object | undefined)[] }[])
    for (const plugin of plugins) readConfig(JSON.stringify({ cniVersion: '1.1.0', ...whole, ...plugin }), { args: {} });
});

test('what one may try without a runtime does what the page says, and leaves nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pages-')), plugin = makePlugin(folder, 'netlink-ts-net');
  const block = /To try it without a runtime, as root:\n\n((?: {4}.*\n)+)/.exec(page('cni.md'))![1]!.replaceAll('/tmp/', `${folder}/`);
  const { status, stdout, stderr } = spawnSync('sh', ['-eux'], { input: block, encoding: 'utf8', env: { ...process.env, PATH: `${plugin.folder}:${process.env.PATH}` } });
  assert.is(status, 0, stdout + stderr);
  assert.match(stdout, /"address":"10\.88\.0\.2\/24"/);
  assert.match(stdout, /1 packets transmitted, 1 (packets )?received/);
  using nl = openRoute();
  assert.equal(nl.sync.link.list({ stats: false }).map(({ name }) => name), ['lo']);
  netns.delete('web');
});

const reason = noContainers('ip', 'ping');
if (reason === undefined) test.run();
else skip(reason);
