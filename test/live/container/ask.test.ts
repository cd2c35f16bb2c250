import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHost } from '../../../src/container/index.ts';
import { askNetwork } from '../../../src/container/lan/ask.ts';
import { announce, probe, reach } from '../../../src/container/lan/calls.ts';
import { ARP, arpFrame, arpSender } from '../../../src/container/lan/frames.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { openPacket } from '../../../src/packet/index.ts';
import { descriptors } from '../../support/descriptors.ts';
import { refusal } from '../../support/witness.ts';

/* A network is asked: who answers, who asks at the same moment, what becomes of it where the link goes. */
const host = openHost(), ns = netns.make(), there = openRoute({ netns: ns });
await host.nl.link.add({ name: 'here', kind: 'veth', address: '02:00:00:00:00:01', up: true, options: { peer: { name: 'there', netns: ns, address: '02:00:00:00:00:02' } } });
await there.link.change('there', { up: true });
const { index } = await there.link.get('there');
test.after(() => {
  for (const each of [there, ns, host]) each.close();
});

/** Somebody at the other end, who answers each frame of ARP so. */
function somebody(answer: (of: NonNullable<ReturnType<typeof arpSender>>) => Uint8Array | undefined): Disposable {
  const socket = openPacket({ ns, index, etherType: ARP });
  socket.listen((frame) => {
    const asked = arpSender(frame), said = asked && asked.mac !== '02:00:00:00:00:02' ? answer(asked) : undefined;
    if (said) socket.send(said);
  });
  return socket;
}
const from = (ip: string, target: string, operation: 'request' | 'reply' = 'request') => arpFrame({ operation, mac: '02:00:00:00:00:02', ip, target });
const quick = { timeout: 5000 }, asking = (ip: string) => probe(host, ['here', ip, { count: 2, interval: 100 }], quick);

test('an address is in use by whoever has it, and by whoever asks for it at the same moment', async () => {
  for (const [answer, used] of [
    [() => from('192.0.2.7', '192.0.2.7', 'reply'), true], [() => from('0.0.0.0', '192.0.2.7'), true],
    [() => from('0.0.0.0', '192.0.2.8'), false], [() => from('192.0.2.8', '192.0.2.7'), false], [() => undefined, false],
  ] as const) {
    using _ = somebody(answer);
    if (!used) await asking('192.0.2.7');
    else assert.match((await refusal(asking('192.0.2.7'))).message, '192.0.2.7 is in use on the network of here, by 02:00:00:00:00:02');
  }
});

test('a gateway answers with its MAC address; an answer about another is none', async () => {
  using _ = somebody(({ target }) => from(target === '192.0.2.254' ? target : '192.0.2.1', '192.0.2.7', 'reply'));
  assert.is(await reach(host, ['here', '192.0.2.7', '192.0.2.254'], quick), '02:00:00:00:00:02');
  const none = await refusal(reach(host, ['here', '192.0.2.7', '192.0.2.253'], quick));
  assert.equal([none.code, none.message.startsWith('the gateway 192.0.2.253 does not answer on here')], ['ERR_UNREACHABLE', true]);
});

test('who stops asking waits no longer, and leaves no socket', async () => {
  const before = descriptors(), stop = new AbortController();
  const asked = refusal(reach(host, ['here', 'fd00::7', 'fd00::1'], { ...quick, signal: stop.signal }));
  setTimeout(() => stop.abort(new Error('enough')), 50);
  assert.equal((({ code, message }) => [code, message])(await asked), ['ABORT_ERR', 'asking the network was aborted']);
  assert.is(descriptors(), before);
});

test('on a link that is down nothing can be asked; one that goes down meanwhile is silent', async () => {
  const before = descriptors();
  const frame = from('192.0.2.7', '192.0.2.7'), question = { etherType: ARP, frame, count: 3, interval: 100, answer: () => undefined };
  const gone = askNetwork(host, (await host.nl.link.get('here')).index, { ...question, count: 1 });
  await host.nl.link.change('here', { up: false });
  assert.is(await gone, undefined);
  const down = await refusal(asking('192.0.2.7'));
  assert.equal([down.name, down.code, down.syscall], ['SystemError', 'ENETDOWN', 'send']);
  assert.is((await refusal(askNetwork(host, 0x7fffffff, question))).message, 'bind a packet socket to link 2147483647 failed: ENODEV, No such device');
  assert.is((await refusal(announce(host, ['here', '192.0.2.7'], { timeout: 50 }))).message, 'here has no carrier');
  assert.is(descriptors(), before);
  await host.nl.link.change('here', { up: true });
});

test('a link that does not say whether it has a carrier is told about all the same', async () => {
  await host.nl.link.change('lo', { up: true });
  await announce(host, ['lo', '192.0.2.7'], quick);
});

test.run();
