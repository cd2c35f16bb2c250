import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openNetfilter, ownTable, rule, type NetfilterOptions } from '../../../src/netfilter/index.ts';
import { generationMessage } from '../../../src/netfilter/generation/message.ts';
import { tableMessage } from '../../../src/netfilter/table/message.ts';
import { NFT_MSG } from '../../../src/netfilter/types.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { ack, frame, script, type Reply, type Request } from '../conversation/scripted.ts';

const BEGIN = 16, END = 17;
const own = ownTable('t', 'ip');
const generation = (sequence: number, id: number) =>
  frame(NFT_MSG.NEWGEN, 0, sequence, (w) => generationMessage.encode(w, { id }));

/** A kernel whose generation is what `generations` says, one after the other, and that answers transactions so. */
function kernel(
  generations: number[], answer: (messages: readonly Request[], turn: number) => readonly Reply[],
  more: NetfilterOptions = {},
) {
  let turn = 0;
  const transport = script((request, all) => {
    if (request.type === NFT_MSG.GETGEN)
      return [generation(request.sequence, generations.length > 1 ? generations.shift()! : generations[0]!)];
    return request === all[0] ? answer(all, turn++) : [];
  });
  return { transport, nl: openNetfilter({ ...more, transport }) };
}
const acked = (all: readonly Request[]): Reply[] =>
  all.filter(({ flags }) => flags & NLM_F.ACK).map(({ sequence }) => ack(sequence));
const failure = async (work: Promise<unknown>): Promise<any> =>
  work.then(() => assert.unreachable('must fail'), (error) => error);
const changes = () => [own.add(), own.chain({ name: 'c' }), own.rule('c', rule().accept())];

test('one datagram: begin with the generation, changes, end; the last change alone asks for an acknowledgement',
  async () => {
  const { nl, transport } = kernel([41], acked);
  await nl.transaction(changes());
  const [, ...sent] = transport.requests;
  assert.is(transport.sends, 2);
  assert.equal(sent.map(({ type, flags }) => [type, (flags & NLM_F.ACK) !== 0]),
    [[BEGIN, false], [NFT_MSG.NEWTABLE, false], [NFT_MSG.NEWCHAIN, false], [NFT_MSG.NEWRULE, true], [END, false]]);
  assert.is(Buffer.from(sent[0]!.bytes).toString('hex').slice(32), '0000000a' + '0800010000000029');
  assert.is(Buffer.from(sent[4]!.bytes).toString('hex').slice(32), '0000000a');
  assert.is(new Set(sent.map(({ sequence }) => sequence)).size, 5);
});

test('sync sends the same', () => {
  const { nl, transport } = kernel([41], acked);
  assert.equal(nl.sync.transaction(changes()), [undefined, undefined, undefined]);
  assert.is(transport.requests.length, 6);
});

test('echoes are the results', async () => {
  const { nl } = kernel([1], (all) => [
    frame(NFT_MSG.NEWTABLE, 0, all[1]!.sequence, (w) =>
      tableMessage.encode(w, { family: 'ip', name: 't', handle: 5n })), ...acked(all),
  ]);
  assert.equal(await nl.table.add({ family: 'ip', name: 't' }, { echo: true }),
    { family: 'ip', name: 't', handle: 5n });
});

test('refusals are mapped, and one whole refusal is everybody\'s', async () => {
  const some = kernel([1], (all) => [ack(all[2]!.sequence, errno.ENOENT), ack(all[3]!.sequence, errno.EINVAL)]);
  const error = await failure(some.nl.transaction(changes()));
  assert.equal(error.failures.map(({ index, error: { code } }: any) => [index, code]), [[1, 'ENOENT'], [2, 'EINVAL']]);
  assert.ok(error.complete);

  const denied = kernel([1], (all) => [ack(all[0]!.sequence, errno.EPERM)]);
  assert.match((await failure(denied.nl.transaction(changes()))).message,
    /^transaction failed: EPERM, Operation not permitted(\. It takes CAP_NET_ADMIN .*)?$/); // root is told of no privilege
  assert.is((await failure(denied.nl.table.add({ family: 'ip', name: 't' }))).code, 'EPERM');
  // the commit itself fails: the changes were fine
  const commit = kernel([1], (all) => [ack(all[0]!.sequence, errno.ENOMEM), ...acked(all)]);
  assert.is((await failure(commit.nl.transaction(changes()))).code, 'ENOMEM');
});

test('somebody came before: begun anew with the new generation', async () => {
  const { nl, transport } = kernel([7, 8, 9], (all, turn) =>
    (turn < 2 ? [ack(all[0]!.sequence, errno.ERESTART)] : acked(all)));
  await nl.transaction(changes());
  const begins = transport.requests.filter(({ type }) => type === BEGIN).map(({ bytes }) => bytes.at(-1));
  assert.equal(begins, [7, 8, 9]);
  const strict = kernel([7], (all) => [ack(all[0]!.sequence, errno.ERESTART)]);
  assert.is((await failure(strict.nl.transaction(changes(), { generation: 6 }))).code, 'ERESTART');
  assert.is(strict.transport.sends, 1);
});

test('the answer was lost: the generation tells', async () => {
  const lost = () => [-errno.ENOBUFS];
  const committed = kernel([7, 8], lost);
  assert.equal(await committed.nl.transaction(changes()), [undefined, undefined, undefined]);
  const wrapped = kernel([0xffffffff, 1], lost);
  assert.is((await wrapped.nl.transaction(changes())).length, 3);
  const refused = await failure(kernel([7, 7], lost).nl.transaction(changes()));
  assert.is(refused.message, 'nothing was changed: the kernel refused it, and its reasons were lost');
  assert.not(refused.complete);
  assert.is((await failure(kernel([7, 9], lost).nl.transaction(changes()))).code, 'ENOBUFS');
  const partly = await failure(kernel([7, 8], (all) => [-errno.ENOBUFS, ack(all[1]!.sequence,
    errno.EEXIST)]).nl.transaction(changes()));
  assert.match(partly.message,
    /^nothing was changed: at least 1 of 3 changes failed, the first at 0: table.add failed: EEXIST/);
});

test('no answer: a deadline, and nothing is left behind', async () => {
  const { nl, transport } = kernel([7], () => []);
  assert.is((await failure(nl.with({ timeout: 20 }).transaction(changes()))).code, 'ERR_TIMEOUT');
  assert.throws(() => nl.with({ timeout: 20 }).sync.transaction(changes()), (error: any) =>
    error.code === 'ERR_TIMEOUT');
  assert.not(transport.watching);
});

test('what does not fit one send is said so', async () => {
  const { nl } = kernel([7], acked);
  const error = await failure(nl.transaction(Array.from({ length: 1000 }, () => own.rule('c', rule().accept()))));
  assert.is(error.code, 'EMSGSIZE');
  assert.match(error.message, /^1000 changes take \d+ bytes, and this socket sends at most 65536 at once/);
});

test('our own table only', () => {
  const all = [own.add(), own.reset(), own.remove(), own.chain({ name: 'c', table: 'other', family: 'ip6' } as never),
    own.rule('c', rule().tcp.dport([1, 2]).drop()),
    own.insertRule('c', []), own.deleteRule('c', 1n), own.flush('c'), own.deleteChain('c'),
      own.set({ name: 's', keyType: 'mark', table: 'other' } as never),
    own.elements({ name: 's', keyType: 'mark', table: 'other' } as never, [1]),
      own.deleteElements({ name: 's', keyType: 'mark' }, [1]), own.deleteSet('s')];
  let id = 0;
  for (const change of all)
    for (const { value, type } of change.messages?.(() => ++id) ?? [change]) {
      const { family, table, name } = value as { family: string; table?: string; name?: string };
      const isTable = type === NFT_MSG.NEWTABLE || type === NFT_MSG.DELTABLE;
      assert.equal([family, isTable ? name : table], ['ip', 't'], change.operation);
    }
  assert.ok(own.owns({ family: 'ip', table: 't' }));
  assert.not(own.owns({ family: 'ip6', table: 't' }));
});

test.run();
