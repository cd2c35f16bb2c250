import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EncodeError, KernelError, NetlinkError, openRoute } from '../../../src/index.ts';
import { descriptors } from '../../support/descriptors.ts';
import { refusal } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1', up: true } }, up: true });
nl.sync.addr.add('v0', '10.0.0.1/16');
test.after(() => nl.close());

test('200 calls at once on one connection, dumps, changes and refusals among them, each with its own answer', async () => {
  const right: { readonly [kind: string]: (i: number) => Promise<unknown> } = {
    dump: async () => assert.ok((await nl.link.list()).some(({ name }) => name === 'v0')),
    filtered: async () => assert.equal((await nl.link.list({ kind: 'veth' })).map(({ name }) => name).sort(), ['v0', 'v1']),
    one: async () => assert.is((await nl.link.get('v1')).name, 'v1'),
    add: async (i) => nl.addr.add('v0', `10.0.${i}.2/32`),
    routes: async () => assert.ok((await nl.route.list({ table: 'main', family: 'inet' })).some(({ dst }) => dst === '10.0.0.0/16')),
    way: async (i) => assert.is((await nl.route.get(`10.0.200.${i}`)).dst, `10.0.200.${i}/32`),
    gone: async (i) => assert.is((await refusal(nl.link.get(`gone${i}`))).code, 'ENODEV'),
    taken: async () => assert.is((await refusal(nl.addr.add('v0', '10.0.0.1/16'))).code, 'EEXIST'),
    batch: async (i) => assert.equal((await nl.batch((b) => [b.neigh.replace({ dst: `10.0.1.${i}`, lladdr: '02:00:00:00:00:07', dev: 'v0' }), b.link.get('lo')]))[1], nl.sync.link.get('lo')),
    sync: async () => assert.is(nl.sync.link.get('lo').index, 1),
  };
  const kinds = Object.values(right);
  await Promise.all(Array.from({ length: 200 }, (_, i) => kinds[i % kinds.length]!(i)));
  assert.is((await nl.addr.list({ dev: 'v0', family: 'inet' })).length, 21);
  assert.is((await nl.neigh.list({ dev: 'v0', state: 'permanent' })).length, 20);
  assert.equal(nl.counters, { strangers: 0, strays: 0, overruns: 0, interruptions: nl.counters.interruptions });
});

test('who is aborted between two steps does not hold the others up', async () => {
  const abort = new AbortController();
  // the kernel answers the look-up of the name at once; the listing would be the second step
  const calls = Array.from({ length: 60 }, (_, i) =>
    (i % 3 === 0 ? nl.with({ signal: abort.signal }) : nl).addr.list({ dev: 'v0' }).then(() => 'answered', (error: NetlinkError) => error.code));
  abort.abort();
  assert.equal(await Promise.all(calls), Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 'ABORT_ERR' : 'answered')));
  assert.is((await nl.link.get('lo')).index, 1);
});

test('bad input is an error that names the field, and nothing is sent', async () => {
  const sent: string[] = [];
  nl.trace = (text) => void sent.push(text);
  const bad: readonly (readonly [field: string, call: () => Promise<unknown>])[] = [
    ['name', () => nl.link.add({ name: 'sixteen-letters-', kind: 'bridge' })],
    ['name', () => nl.link.add({ name: '', kind: 'bridge' })],
    ['name', () => nl.link.add({ name: 'a/b', kind: 'bridge' })],
    ['mtu', () => nl.link.change(1, { mtu: -1 })],
    ['mtu', () => nl.link.change(1, { mtu: 2 ** 32 })],
    ['address', () => nl.link.change(1, { address: 'no-address' })],
    ['address', () => nl.addr.add(1, '10.0.0.1/33')],
    ['address', () => nl.addr.add(1, '10.0.0.300/8')],
    ['peer', () => nl.addr.add(1, { address: '10.0.0.1/24', peer: 'fc00::1' })],
    ['dst', () => nl.neigh.add({ dst: 'nowhere', lladdr: '02:00:00:00:00:01', dev: 1 })],
    ['dst', () => nl.route.add({ dst: '10.0.0.1/8', dev: 1 })],
    ['priority', () => nl.route.add({ dst: '10.0.0.0/8', dev: 1, priority: -1 })],
  ];
  for (const [field, call] of bad) {
    const error = await refusal(call());
    assert.instance(error, EncodeError, String(error));
    assert.is(error.field, field, error.message);
  }
  assert.equal(sent, []);
  nl.trace = false;
});

test('a refusal of the kernel has operation, code, text and field', async () => {
  const error = await refusal(nl.link.change('v0', { mtu: 70_000 }));
  assert.instance(error, KernelError);
  assert.equal([error.operation, error.code, error.errno], ['link.change', 'EINVAL', 22]);
  assert.ok(error.text !== undefined || error.message.includes('Invalid argument'), error.message);
  const kind = await refusal(nl.link.add({ name: 'x0', kind: 'no-such-kind' }));
  assert.equal([kind.operation, kind.code, kind.text], ['link.add', 'EOPNOTSUPP', 'Unknown device type']);
});

test('no descriptor is lost in a thousand errors of every sort', async () => {
  const before = descriptors();
  for (let round = 0; round < 100; round++) {
    await refusal(nl.link.add({ name: 'sixteen-letters-', kind: 'bridge' }));
    await refusal(nl.link.get('gone'));
    await refusal(nl.addr.add('v0', '10.0.0.1/16'));
    await refusal(nl.link.change('v1', { netns: 'gone' }));
    await refusal(nl.link.add({ name: 'x0', kind: 'veth', options: { peer: { name: 'v1' } } }));
    await refusal(nl.nsid.get({ fd: 0 }));
    await refusal(nl.with({ signal: AbortSignal.abort() }).link.list());
    for (const wrong of [() => openRoute({ netns: 'gone' }), () => openRoute({ netns: { pid: 0x3fffffff } }), () => nl.events(['lnik' as never])])
      try {
        wrong();
        assert.unreachable();
      } catch (error) {
        assert.instance(error, NetlinkError, String(error));
      }
  }
  assert.is(descriptors(), before);
});

test('the trace has every message, both ways, with the command that asks for the same', async () => {
  const said: string[] = [];
  nl.trace = (text) => void said.push(text);
  await nl.link.add({ name: 'br7', kind: 'bridge' });
  await refusal(nl.route.add({ dst: '10.99.0.0/16', gateway: '192.0.2.1' }));
  await nl.link.delete('br7');
  nl.trace = false;
  await nl.link.get('lo');
  const text = said.join('\n');
  for (const part of ['> link.add   # ip link add ', '> RTM_NEWLINK', 'IFLA_IFNAME name "br7"', '< NLMSG_ERROR', '> route.add   # ip route add 10.99.0.0/16 via 192.0.2.1', 'errno 101', '> link.delete   # ip link delete '])
    assert.ok(text.includes(part), `${part} is not in\n${text}`);
  assert.not.match(text, '"lo"');
});

test.run();
