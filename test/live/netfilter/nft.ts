import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netfilterProtocol } from '../../../src/netfilter/protocol.ts';
import { sentBy, type Sent } from '../../support/sent.ts';

const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;

/** Runs nft with a script. */
export const nft = (script: string): string => execFileSync('nft', ['-f', '-'], { ...options, input: script });

/** What nft reads in the kernel, without handles and places. */
export function listed(...args: string[]): object[] {
  const { nftables } = JSON.parse(execFileSync('nft', ['-j', 'list', ...args], options)) as { nftables: object[] };
  return nftables.filter((item) => !('metainfo' in item)).map(stripped) as object[];
}

/** The same as text. */
export const text = (...args: string[]): string => execFileSync('nft', ['list', ...args], options);

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'handle' &&
    key !== 'index').map(([key, inner]) => [key, stripped(inner)]));
}

/** Messages of the transaction that nft itself sends for a script. */
export function sent(script: string): Sent[] {
  const folder = mkdtempSync(join(tmpdir(), 'nft-')), file = join(folder, 'script');
  try {
    writeFileSync(file, script);
    return sentBy(netfilterProtocol, 'nft', '-f', file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
