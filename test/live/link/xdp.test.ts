import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { loadProgram } from '../../support/bpf.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal } from '../../support/witness.ts';

const nl = openRoute(), program = loadProgram('xdp', 2); // XDP_PASS
test.after(() => nl.close());

test('a program is put on the path of received packets, found there by ip, not put there twice, and taken off', async () => {
  if (typeof program === 'string') return skip(program);
  const mode = { skbMode: true };
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
  assert.is((await nl.link.get('v0')).xdp?.attached, 'none');
  await nl.link.change('v0', { xdp: { fd: program, flags: mode } });
  const { xdp } = await nl.link.get('v0');
  assert.is(xdp!.attached, 'skb');
  assert.is(xdp!.progId, xdp!.skbProgId);
  if (installed('ip')) assert.is(json('ip', 'link show').find(({ ifname }) => ifname === 'v0').xdp.prog.id, xdp!.progId);
  assert.is((await refusal(nl.link.change('v0', { xdp: { fd: program, flags: { ...mode, updateIfNoexist: true } } }))).code, 'EBUSY');
  await nl.link.change('v0', { xdp: { fd: -1, flags: mode } });
  assert.is((await nl.link.get('v0')).xdp?.attached, 'none');
});

test.run();
