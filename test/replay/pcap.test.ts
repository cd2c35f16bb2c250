import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape } from '../../scripts/annotate.ts';
import { run } from '../../scripts/run.ts';
import { parseTape, tapeToPcap } from '../../src/testing/index.ts';
import { installed } from '../support/installed.ts';
import { skip } from '../support/skip.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-'));
test.after(() => rmSync(folder, { recursive: true }));

/** What tshark makes of a tape: a line for each datagram, and all its fields as text. */
async function read(path: string, ...words: string[]): Promise<string> {
  const file = join(folder, 'tape.pcap');
  writeFileSync(file, tapeToPcap(readTape(path)));
  const { code, stdout, output } = await run('tshark', ['-r', file, ...words]);
  assert.is(code, 0, output);
  return stdout;
}

test('tshark reads a tape as netlink-route, each message with its type', async () => {
  if (!installed('tshark')) return skip('tshark is not installed');
  const path = 'link/add-veth.tape';
  const lines = (await read(path, '-T', 'fields', '-e', 'frame.protocols', '-e', 'netlink-route.nltype', '-e', 'netlink.hdr_type')).trimEnd().split('\n');
  const datagrams = parseTape(readTape(path)).entries.filter(({ type }) => type === 'send' || type === 'receive');
  assert.is(lines.length, datagrams.length);
  assert.match(lines[0]!, /^netlink:netlink-route\t16\b/);
  assert.match(lines[1]!, /^netlink\t.*0x0002/); // an acknowledgement is of no family
});

test('tshark finds the fields that we wrote', async () => {
  if (!installed('tshark')) return skip('tshark is not installed');
  assert.match(await read('link/add-veth.tape', '-V'), /Family: Route[\s\S]*Device name: peerA[\s\S]*HW Address: 02:00:00:00:00:0a/);
  assert.match(await read('route/add-default.tape', '-V'), /Add network route \(24\)/);
});

test('the numbers of the file are in the order of the machine that recorded the tape', () => {
  const tape = parseTape(readTape('link/add-veth.tape')), { bytes } = tape.entries.find((entry) => entry.type === 'send')!;
  for (const order of ['little', 'big'] as const) {
    const file = Buffer.from(tapeToPcap({ ...tape, order })), numbers = (from: number, count: number, size: 2 | 4): number[] =>
      Array.from({ length: count }, (_, i) => (order === 'little' ? file.readUIntLE(from + i * size, size) : file.readUIntBE(from + i * size, size)));
    assert.equal([...numbers(0, 1, 4), ...numbers(4, 2, 2), ...numbers(8, 4, 4)], [0xa1b2c3d4, 2, 4, 0, 0, 0x40000, 253]);
    assert.equal(numbers(24, 4, 4), [0, 1000, bytes.length + 16, bytes.length + 16]);
    assert.is(file.subarray(40, 56).toString('hex'), '00040338000000000000000000000000', 'outgoing, of netlink, of NETLINK_ROUTE: always in network order');
    assert.equal(file.subarray(56, 56 + bytes.length), Buffer.from(bytes));
  }
});

test('tshark reads nf_tables as netlink-netfilter', async () => {
  if (!installed('tshark')) return skip('tshark is not installed');
  assert.match(await read('nftables/table.tape', '-T', 'fields', '-e', 'frame.protocols'), /netlink:netlink-netfilter/);
});

test('tshark finds nothing wrong with any message of a large tape', async () => {
  if (!installed('tshark')) return skip('tshark is not installed');
  assert.is(await read('link/list-many.tape', '-Y', '_ws.malformed'), '');
});

test.run();
