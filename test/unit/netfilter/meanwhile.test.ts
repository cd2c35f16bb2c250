import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import { chainMessage } from '../../../src/netfilter/chain/message.ts';
import { conntrackMessage, type Conntrack } from '../../../src/netfilter/conntrack/message.ts';
import { elementMessage } from '../../../src/netfilter/element/message.ts';
import { generationMessage } from '../../../src/netfilter/generation/message.ts';
import { setMessage } from '../../../src/netfilter/set/message.ts';
import { tableMessage } from '../../../src/netfilter/table/message.ts';
import { IPCTNL_MSG_CT, NFT_MSG } from '../../../src/netfilter/types.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { ack, finish, frame, script, type Reply, type Request } from '../conversation/scripted.ts';

/* What is read while others change it, and connections that go while they are forgotten. */
const own = { family: 'ip', table: 't' } as const;
const listed = (type: number, message: { encode(w: any, value: any): void }, ...values: object[]) => ({ sequence }: Request): Reply[] =>
  [...values.map((value) => frame(type, NLM_F.MULTI, sequence, (w) => message.encode(w, value))), finish(sequence)];

/** A kernel with a table, a chain in it and a set; its generation is one of these after the other, its set is listed so. */
function kernel(generations: number[], elements: (turn: number) => 'gone' | readonly object[] = () => []) {
  const more: { [type: number]: (request: Request) => Reply[] } = {
    [NFT_MSG.GETTABLE]: listed(NFT_MSG.NEWTABLE, tableMessage, { family: 'ip', name: 't' }, { family: 'ip', name: 'other' }),
    [NFT_MSG.GETCHAIN]: listed(NFT_MSG.NEWCHAIN, chainMessage, { ...own, name: 'c' }),
    [NFT_MSG.GETSET]: listed(NFT_MSG.NEWSET, setMessage, { ...own, name: 's' }, { family: 'ip', table: 'other', name: 'theirs' }),
  };
  let turn = 0;
  const transport = script((request) => {
    const { type, sequence } = request;
    if (type === NFT_MSG.GETGEN) return [frame(NFT_MSG.NEWGEN, 0, sequence, (w) => generationMessage.encode(w, { id: generations.length > 1 ? generations.shift()! : generations[0]! }))];
    if (type !== NFT_MSG.GETSETELEM) return (more[type] ?? (() => [finish(sequence)]))(request);
    const found = elements(turn++);
    return found === 'gone' ? [ack(sequence, errno.ENOENT)] : listed(NFT_MSG.NEWSETELEM, elementMessage, { ...own, set: 's', elements: found })(request);
  });
  return { nl: openNetfilter({ transport }), turns: () => turn };
}

test('a ruleset is of one moment: what changed meanwhile is read anew', async () => {
  const { nl, turns } = kernel([7, 8, 9]);
  const read = await nl.ruleset.list({ family: 'ip', table: 't' });
  assert.equal([read.generation, read.tables.map(({ name }) => name), read.chains.map(({ name }) => name), read.sets.map(({ name }) => name)], [9, ['t'], ['c'], ['s']]);
  assert.is(turns(), 2);
});

test('a set that went between two questions is one of another moment', async () => {
  const { nl, turns } = kernel([7], (turn) => (turn === 0 ? 'gone' : [{ key: { value: Uint8Array.of(1) } }]));
  const { sets } = await nl.ruleset.list();
  assert.equal([sets.map(({ name, elements }) => [name, elements.length]), turns()], [[['s', 1], ['theirs', 1]], 3]);
});

test('what never stands still is given as it is in the end, what is never there is refused', async () => {
  const restless = kernel(Array.from({ length: 30 }, (_, i) => i + 1));
  assert.is((await restless.nl.ruleset.list({ table: 't' })).generation, 21);
  assert.is(restless.turns(), 11);
  const gone = kernel([7], () => 'gone');
  assert.is(await gone.nl.ruleset.list({ table: 't' }).then(() => 'listed', ({ code }) => code), 'ENOENT');
  assert.is(gone.turns(), 11);
});

test('without tables no sets are asked for', async () => {
  const { nl, turns } = kernel([7]);
  assert.equal((await nl.ruleset.list({ table: 'none' })).sets, []);
  assert.is(turns(), 0);
});

/** A kernel with these connections, of which some cannot be deleted. */
function tracking(connections: readonly Partial<Conntrack>[], refusals: readonly number[] = []) {
  const left = [...refusals];
  const transport = script((request) => (request.type === IPCTNL_MSG_CT.GET ? listed(IPCTNL_MSG_CT.NEW, conntrackMessage, ...connections)(request) : [ack(request.sequence, left.shift() ?? 0)]));
  return openNetfilter({ transport });
}
const tcp = (src: string, more: object = {}) => ({ family: 'ip', orig: { src, dst: '192.0.2.9', protocol: 'tcp', sport: 1, dport: 80 }, ...more }) as Partial<Conntrack>;

test('connections that go while they are forgotten are not counted', async () => {
  const all = [tcp('192.0.2.1'), tcp('192.0.2.2'), tcp('192.0.2.3')];
  assert.is(await tracking(all, [0, errno.ENOENT]).conntrack.flush({ protocol: 'tcp' }), 2);
  assert.is(await tracking(all, [0, errno.EPERM]).conntrack.flush({ protocol: 'tcp' }).then(() => 'flushed', ({ code }) => code), 'EPERM');
});

test('a filter takes what a connection does not say as zero', async () => {
  const nl = tracking([tcp('192.0.2.1'), tcp('192.0.2.2', { zone: 1, mark: 3, status: { confirmed: true } })]);
  const found = async (filter: object) => (await nl.conntrack.list(filter)).map(({ orig }) => orig?.src);
  assert.equal(await found({ zone: 0 }), ['192.0.2.1']);
  assert.equal(await found({ zone: 1 }), ['192.0.2.2']);
  assert.equal(await found({ mark: 0 }), ['192.0.2.1']);
  assert.equal(await found({ mark: { value: 1, mask: 1 } }), ['192.0.2.2']);
  assert.equal(await found({ status: { confirmed: false } }), ['192.0.2.1']);
  assert.equal(await found({ status: { confirmed: true } }), ['192.0.2.2']);
  assert.equal(await found({ family: 'ip6' }), []);
});

test.run();
