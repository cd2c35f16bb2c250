import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '../../support/skip.ts';
import { netfilterOnTape, recordNetfilter, recordRoute, replayNetfilter, replayRoute, routeOnTape, TapeMismatchError } from '../../../src/testing/index.ts';

// What is recorded of a real kernel is played back, by each of the kit's ways to do so.

const folder = mkdtempSync(join(tmpdir(), 'tapes-'));
test.after(() => rmSync(folder, { recursive: true }));

test('a conversation about links is recorded, saved, and had again without a kernel', async () => {
  const { nl, tape } = recordRoute({ title: 'a link is made', comments: ['by a test'] }), path = join(folder, 'link.tape');
  await nl.link.add({ name: 'rec0', kind: 'ifb', mtu: 1400 });
  const made = await nl.link.get('rec0');
  await nl.link.delete('rec0');
  nl.close();
  tape.save(path);
  assert.is(readFileSync(path, 'utf8'), tape.text());
  assert.match(tape.text(), /a link is made[^]*^# by a test$/m);
  assert.equal([tape.tape.title, tape.tape.entries.filter(({ type }) => type === 'send').length], ['a link is made', 3]);
  assert.is(Buffer.from(tape.pcap()).readUInt32LE(20), 253, 'LINKTYPE_NETLINK');

  const played = replayRoute(tape.tape);
  await played.nl.link.add({ name: 'rec0', kind: 'ifb', mtu: 1400 });
  assert.equal(await played.nl.link.get('rec0'), made);
  assert.throws(played.done, (error: unknown) => error instanceof TapeMismatchError);
  await played.nl.link.delete('rec0');
  played.done();
});

test('so is one about rules of the firewall', async () => {
  const { nl, tape } = recordNetfilter({ title: 'a table is made' });
  try {
    await nl.table.add({ family: 'ip', name: 'rec' });
  } catch (error) {
    nl.close();
    if ((error as { code?: string }).code !== 'EOPNOTSUPP') throw error;
    return skip('this kernel has no tables of family ip');
  }
  const made = await nl.table.list();
  await nl.table.delete({ family: 'ip', name: 'rec' });
  nl.close();
  assert.ok(made.some(({ name }) => name === 'rec'));

  const { nl: played, done } = replayNetfilter(tape.text());
  await played.table.add({ family: 'ip', name: 'rec' });
  assert.equal(await played.table.list(), made);
  await played.table.delete({ family: 'ip', name: 'rec' });
  done();
});

test('a test on a tape talks to the kernel where the tape is to be made, and to the tape from then on', async () => {
  const path = (name: string): string => join(folder, name);
  for (const update of [true, false]) {
    const route = routeOnTape(path('route.tape'), { update, title: 'links', match: 'strict' }), rules = netfilterOnTape(path('rules.tape'), { update, title: 'tables' });
    assert.ok((await route.nl.link.list()).some(({ name }) => name === 'lo'));
    await rules.nl.table.list();
    route.done();
    rules.done();
  }
  assert.match(readFileSync(path('rules.tape'), 'utf8'), /^netlink tape 1\n[^]*NETFILTER/);
});

test.run();
