import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTape, tapes } from '../../scripts/annotate.ts';
import { allScenarios } from '../../scripts/scenario.ts';
import { annotateTape, parseTape, record, replay, replayRoute, routeOnTape, tapeToPcap, TapeError, TapeMismatchError } from '../../src/testing/index.ts';

const mtu = readTape('link/change-mtu.tape');
const mismatch = async (work: () => unknown): Promise<TapeMismatchError> => {
  try {
    await work();
  } catch (error) {
    assert.instance(error, TapeMismatchError, String(error));
    return error as TapeMismatchError;
  }
  return assert.unreachable('it should not have fit') as never;
};

test('a request that differs is told by its first field, ours and the kernel\'s name for it, and side by side', async () => {
  const { nl, done } = replayRoute(mtu);
  const error = await mismatch(() => nl.link.change('peerA', { mtu: 1301, txqlen: 10, alias: 'to the container' }));
  assert.equal([error.code, error.field, error.attribute, error.sent, error.recorded], ['ERR_TAPE_MISMATCH', 'mtu', 'IFLA_MTU', '1301', '1300']);
  assert.match(error.message, /^request 1 on socket 1 is not the one on the tape: mtu \(IFLA_MTU\) is 1301, the tape has 1300\n/);
  assert.match(error.message, /^ +IFLA_MTU mtu 1300 +! +IFLA_MTU mtu 1301$/m);
  assert.is((await mismatch(done)).message, error.message); // who swallows the error does not get away with it
});

test('a field that is missing, one that is too many, another request', async () => {
  const changing = async (value: object) => mismatch(() => replayRoute(mtu).nl.link.change('peerA', value));
  const less = await changing({ mtu: 1300, txqlen: 10 });
  assert.equal([less.field, less.sent, less.recorded], ['alias', undefined, '"to the container"']);
  const more = await changing({ mtu: 1300, txqlen: 10, alias: 'to the container', group: 0 });
  assert.ok(more.message.includes('RTM_'), more.message);
  const other = await mismatch(() => replayRoute(mtu).nl.addr.list());
  assert.match(other.message, /RTM_GETADDR[^]*RTM_NEWLINK/);
});

test('strict wants the order of the tape, loose takes attributes and requests in any', async () => {
  const talk = async (match: 'strict' | 'loose') => {
    const { nl, done } = replayRoute(mtu, { match });
    await nl.link.get('peerA');
    await nl.link.change('peerA', { alias: 'to the container', txqlen: 10, mtu: 1300 });
    done();
  };
  await talk('loose');
  await mismatch(() => talk('strict'));
});

test('fields may be left out of the comparison, by either name', async () => {
  for (const name of ['mtu', 'IFLA_MTU']) {
    const { nl, done } = replayRoute(mtu, { ignore: [name] });
    await nl.link.change('peerA', { mtu: 1400, txqlen: 10, alias: 'to the container' });
    await nl.link.get('peerA');
    done();
  }
});

test('what was not sent, what is one too many, and sockets that the tape has not', async () => {
  const { nl, done } = replayRoute(mtu);
  assert.match((await mismatch(done)).message, /^a request of the tape was not sent: RTM_NEWLINK on socket 1 and 1 more$/);
  await nl.link.change('peerA', { mtu: 1300, txqlen: 10, alias: 'to the container' });
  await nl.link.get('peerA');
  done();
  assert.match((await mismatch(() => nl.link.get('peerA'))).message, /^request 3 on socket 1 is one too many/);
  assert.match((await mismatch(() => nl.events(['link']))).message, /^the tape has no more sockets of NETLINK_ROUTE with the groups 1$/);
});

test('a tape may be given as what was read of it; one of a machine with the other byte order is refused', async () => {
  const tape = parseTape(mtu), other = tape.order === 'little' ? 'big' : 'little';
  const { nl, done } = replayRoute(tape);
  await nl.link.change('peerA', { mtu: 1300, txqlen: 10, alias: 'to the container' });
  await nl.link.get('peerA');
  done();
  assert.is(annotateTape(tape), mtu);
  assert.equal(tapeToPcap(tape), tapeToPcap(mtu));
  assert.throws(() => replay({ ...tape, order: other }), (error: unknown) => error instanceof TapeError && /recorded on a machine with/.test(error.message));
});

test('a socket of a tape behaves as one: it fails where the tape says so, waits for nothing that will not come, and is of no use when closed', async () => {
  const tape = parseTape(mtu), failing = { ...tape, entries: tape.entries.map((entry) => (entry.type === 'send' ? { ...entry, errno: 105 } : entry)) };
  const fails = replayRoute(failing).nl.link.change('peerA', { mtu: 1300, txqlen: 10, alias: 'to the container' });
  assert.is(await fails.then(() => '', (error) => error.code), 'ENOBUFS');
  const { open } = replay({ ...tape, entries: tape.entries.filter(({ type }) => type !== 'receive') }), socket = open();
  const request = tape.entries.find((entry) => entry.type === 'send');
  assert.ok(request?.type === 'send');
  socket.send(request.bytes);
  const memory = { bytes: Buffer.alloc(0) } as never;
  assert.is(socket.receive({ memory, sender: 0 }), -11, 'nothing is there');
  assert.match((await mismatch(() => socket.wait(1000))).message, /^socket 1 waits for an answer that is not on the tape$/);
  assert.match((await mismatch(() => socket.openNamespace('/run/netns/blue'))).message, /^the namespace "\/run\/netns\/blue" is not opened on the tape$/);
  assert.match((await mismatch(() => socket.join(1))).message, /^the multicast group 1 is not joined on the tape$/);
  assert.match((await mismatch(() => socket.leave(1))).message, /^the multicast group 1 is not left on the tape$/);
  assert.match((await mismatch(() => open({ protocol: 12 }))).message, /^the tape has no more sockets of NETLINK_NETFILTER without groups$/);
  socket.close();
  for (const call of [() => socket.send(request.bytes), () => socket.receive({ memory, sender: 0 }), () => socket.wait(1), () => socket.join(1)])
    assert.throws(call, (error: any) => error.code === 'EBADF' && error.message.includes('on a closed socket'));
});

test('what is no tape is refused with its line', () => {
  const refuse = (text: string): TapeError => {
    try {
      parseTape(text);
    } catch (error) {
      assert.instance(error, TapeError);
      return error as TapeError;
    }
    return assert.unreachable() as never;
  };
  assert.is(refuse('').line, 1);
  assert.is(refuse('netlink tape 1\n\n> 1\n  0g').line, 4);
  assert.is(refuse('netlink tape 1\n\n  00').line, 3);
  assert.is(refuse('netlink tape 1\n\nsocket one').line, 3);
  assert.is(refuse('netlink tape 1\n\n> 1 fails EWHAT\n').line, 3);
});

test('comments of the user stay, generated ones are made anew', () => {
  const text = mtu.replace('\n> 1', '\n# ours to keep\n> 1').replace(/RTM_NEWLINK/g, 'RTM_WRONG');
  assert.is(annotateTape(text), mtu.replace('\n> 1', '\n# ours to keep\n> 1'));
});

test('recording what a tape plays gives the same tape', async () => {
  let count = 0;
  for (const [path, { title, run }] of await allScenarios()) {
    if (!tapes().includes(path)) continue;
    const text = readTape(path), original = parseTape(text), { open, done } = replay(text), tape = record({ title });
    await run(tape.sockets(open));
    done();
    const sent = (of: typeof original) => of.entries.flatMap((entry) => (entry.type === 'send' ? [Buffer.from(entry.bytes).toString('hex')] : []));
    assert.equal(sent(parseTape(tape.text())), sent(original), path);
    count++;
  }
  assert.ok(count > 100);
});

test('a tape is written anew where it is to be updated, else it is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kit-')), path = join(folder, 'mtu.tape');
  try {
    const talk = async ({ nl, done }: ReturnType<typeof routeOnTape>) => {
      await nl.link.change('peerA', { mtu: 1300, txqlen: 10, alias: 'to the container' });
      await nl.link.get('peerA');
      done();
    };
    await talk(routeOnTape(path, { update: true, title: 'made anew', transport: replay(mtu).open }));
    assert.match(readFileSync(path, 'utf8'), /^netlink tape 1\ntitle: made anew\n/);
    await talk(routeOnTape(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
