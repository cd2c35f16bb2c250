import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { waitForDad } from '../../../src/route/addr/ready.ts';
import { eventually, refusal } from '../../support/witness.ts';
import { descriptors } from '../../support/descriptors.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.add({ name: 'br0', kind: 'bridge' });
const v0 = nl.sync.link.get('v0').index;
test.after(() => nl.close());


test('new and del are told apart, in order, for each sort', async () => {
  await nl.link.change('v0', { up: true });
  await nl.link.change('v1', { up: true });
  using events = nl.events(['link', 'addr', 'route', 'neigh', 'fdb', 'port']);
  await nl.link.add({ name: 'x0', kind: 'bridge' });
  await nl.addr.add('v0', '10.0.0.1/24');
  await nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
  await nl.neigh.add({ dst: '10.0.0.7', lladdr: '02:00:00:00:00:07', dev: 'v0' });
  await nl.neigh.delete({ dst: '10.0.0.7', dev: 'v0' });
  await nl.link.change('v0', { master: 'br0' });
  await nl.fdb.add({ lladdr: '02:00:00:00:00:08', dev: 'v0', flags: { master: true } });
  await nl.fdb.delete({ lladdr: '02:00:00:00:00:08', dev: 'v0', flags: { master: true } });
  await nl.link.change('v0', { master: 0 });
  await nl.route.delete({ dst: '10.5.0.0/16' });
  await nl.addr.delete('v0', '10.0.0.1/24');
  await nl.link.delete('x0');
  const seen: string[] = [];
  for await (const event of events) {
    if (event.type === 'link' && event.link.name === 'x0') seen.push(`link ${event.action}`);
    if (event.type === 'link' && event.link.name === 'v0') assert.is(event.action, 'new', 'leaving a bridge is not the end of a link');
    if (event.type === 'addr' && event.addr.family === 'inet') seen.push(`addr ${event.action} ${event.addr.address}`);
    if (event.type === 'route' && event.route.dst === '10.5.0.0/16') seen.push(`route ${event.action}`);
    if (event.type === 'neigh' && event.neigh.dst === '10.0.0.7') seen.push(`neigh ${event.action}`);
    if (event.type === 'fdb' && event.fdb.lladdr === '02:00:00:00:00:08') seen.push(`fdb ${event.action}`);
    if (event.type === 'port' && event.port.index === v0 && event.action === 'del') seen.push('port del');
    if (event.type === 'link' && event.action === 'del') break;
  }
  assert.equal(seen.filter((line, i) => line !== seen[i - 1]), [
    'link new', 'addr new 10.0.0.1/24', 'route new', 'neigh new', 'neigh del', 'fdb new', 'fdb del', 'port del', 'route del', 'addr del 10.0.0.1/24', 'link del',
  ]);
});

test('only what was asked for comes', async () => {
  using events = nl.events(['addr']);
  await nl.link.add({ name: 'x1', kind: 'bridge' });
  await nl.addr.add('x1', '10.1.0.1/24');
  await nl.link.delete('x1');
  const { value } = await events.next();
  assert.is(value.type === 'addr' && value.addr.address, '10.1.0.1/24');
  assert.throws(() => nl.events([]), /must be some of/);
  assert.throws(() => nl.events(['lnik' as never]), /"lnik"/);
});

test('leaving the loop, abort and close end it, and no descriptor stays', async () => {
  const before = descriptors();
  const events = nl.events(['link']);
  assert.ok(descriptors() > before);
  await nl.link.change('v0', { mtu: 1400 });
  for await (const event of events) if (event.type === 'link') break;
  await eventually(() => descriptors() === before);
  assert.is((await events.next()).done, true);

  const abort = new AbortController(), waiting = nl.events(['link'], { signal: abort.signal }).next();
  setTimeout(() => abort.abort(new Error('enough')), 20);
  const error = await refusal(waiting);
  assert.equal([error.code, error.name, error.cause.message], ['ABORT_ERR', 'AbortError', 'enough']);

  const third = nl.events(['link']), next = third.next();
  third.close();
  assert.is((await next).done, true);
  await eventually(() => descriptors() === before);
});

test('an overrun is an item of the stream, and the stream goes on', async () => {
  using events = nl.events(['addr'], { receiveBuffer: 4096, highWaterMark: 8 });
  await nl.batch((b) => Array.from({ length: 200 }, (_, i) => b.addr.add('v1', `10.9.${i}.1/24`)));
  let overruns = 0, addresses = 0;
  for await (const event of events) {
    if (event.type === 'overrun') overruns++;
    else addresses++;
    if (overruns > 0) break;
  }
  assert.ok(overruns === 1 && addresses < 200, `${overruns} overruns, ${addresses} addresses`);
});

test('after an overrun come the events that follow', async () => {
  using events = nl.events(['addr'], { receiveBuffer: 4096, highWaterMark: 8 });
  await nl.addr.flush('v1', { family: 'inet' });
  const seen: string[] = [];
  for await (const event of events) {
    if (event.type === 'overrun') {
      seen.push('overrun');
      await nl.addr.add('v1', '10.10.0.1/24');
    } else if (event.type === 'addr' && event.action === 'new') {
      seen.push(event.addr.address);
      break;
    }
  }
  assert.is(seen.at(-1), '10.10.0.1/24');
  assert.is(seen[0], 'overrun');
});

test('waiting for duplicate detection ends when the kernel says so', async () => {
  await nl.link.change('v0', { up: true });
  await nl.addr.add('v0', 'fc00::1/64');
  assert.ok((await nl.addr.list({ dev: 'v0', flags: { tentative: true } })).length > 0);
  const addresses = await waitForDad(nl, 'v0');
  assert.ok(addresses.some((addr) => addr.address === 'fc00::1/64'));
  assert.equal(await nl.addr.list({ dev: 'v0', flags: { tentative: true } }), []);
  await nl.addr.add('v0', { address: 'fc00::2/64', flags: { nodad: true } });
  assert.ok((await waitForDad(nl, 'v0')).length >= 2);
});

test('waiting fails in time, by signal, and where another host has the address', async () => {
  await nl.addr.add('v0', 'fc00::3/64');
  assert.is((await refusal(waitForDad(nl, 'v0', { timeout: 30 }))).code, 'ERR_TIMEOUT');
  assert.is((await refusal(waitForDad(nl, 'v0', { signal: AbortSignal.abort() }))).code, 'ABORT_ERR');
  assert.is((await refusal(waitForDad(nl, 'nowhere'))).code, 'ENODEV');
  await waitForDad(nl, 'v0');
  await nl.addr.add('v1', { address: 'fc00::3/64' });
  assert.is((await refusal(waitForDad(nl, 'v1'))).code, 'EADDRINUSE');
});

test.run();
