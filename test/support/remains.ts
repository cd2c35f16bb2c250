import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openRoute } from '../../src/index.ts';
import { openNetfilter } from '../../src/netfilter/index.ts';
import { eventually } from './witness.ts';

export interface Places {
  /** Folders whose files count, but for locks, which are empty, and for the place where a pool goes on (`last.`). */
  readonly folders?: readonly string[];
  /** The process whose mounts count. */
  readonly pid?: number | undefined;
}

/**
 * All that an engine and its plugin may leave in the namespace of the test, a line each: links, addresses, routes,
 * rules, tables of nf_tables, named namespaces, processes, mounts, files. What is there before and after is compared.
 */
export function remains({ folders = [], pid = process.pid }: Places = {}): string[] {
  using nl = openRoute();
  using nft = openNetfilter();
  const links = nl.sync.link.list({ stats: false }), name = (index: number | undefined) => links.find((link) => link.index === index)?.name;
  return [
    ...links.map((link) => `link ${link.name}`),
    ...nl.sync.addr.list().map((addr) => `address ${addr.address} at ${name(addr.index)}`),
    ...nl.sync.route.list().map(({ dst, gateway, oif, table }) => `route ${dst ?? 'default'} ${gateway ?? ''} ${name(oif)} ${table}`),
    ...nl.sync.rule.list().map(({ priority, table }) => `rule ${priority} ${table}`),
    ...nft.sync.table.list().map((table) => `table ${table.family} ${table.name}`),
    ...readdirSync('/run/netns').map((file) => `namespace ${file}`),
    ...processes().map((line) => `process ${line}`),
    ...readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n').map((line) => `mount ${line.split(' ')[4]}`),
    ...folders.filter((folder) => existsSync(folder)).flatMap((folder) => filesIn(folder)),
  ].filter((line) => !/ fe80::\S*\/128 /.test(line)).sort(); // those routes come when the kernel has seen that nobody has the address
}

/** Fails unless no more is left, after a while, than was there before: what an engine started for itself ends in its own time. */
export const nothingElse = (before: readonly string[], left: () => readonly string[]): Promise<void> =>
  eventually(() => left().join() === before.join()).catch(() => assert.equal(left(), before));

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => !entry.isDirectory() && !/(^|\.)lock$|^last\./.test(entry.name)).map((entry) => `file ${join(entry.parentPath, entry.name)}`);

/** Those of the test itself and of the loader it runs under come and go. */
function processes(): string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return line === '' || /esbuild/.test(line) ? [] : [`${pid} ${line}`];
    } catch {
      return []; // ended while the folder was read
    }
  });
}
