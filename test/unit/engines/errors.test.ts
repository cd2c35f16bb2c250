import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readdirSync } from 'node:fs';
import { ArgumentError, NetlinkError, SystemError } from '../../../src/errors.ts';
import { translated } from '../../../src/engines/cni/asked.ts';
import { cni } from '../../../src/engines/cni/program.ts';
import { asCniError, CniError, errorAnswer } from '../../../src/engines/cni/errors.ts';

test('whatever is thrown becomes an answer of the specification', () => {
  const numbers = [new CniError('decode', 'x'), new NetlinkError('EBUSY', 'x'), new ArgumentError('x'), missing(), new Error('x'), 'x'].map((error) => asCniError(error).number);
  assert.equal(numbers, [6, 102, 102, 5, 999, 999]);
  assert.equal(errorAnswer(new CniError('notReady', 'not yet', 'why'), '1.0.0'), { cniVersion: '1.0.0', code: 50, msg: 'not yet', details: 'why' });
  assert.equal(errorAnswer(new CniError(77, 'theirs'), '1.0.0'), { cniVersion: '1.0.0', code: 77, msg: 'theirs' });
  assert.match((errorAnswer('a word', '1.1.0') as { msg: string }).msg, 'a word');
});

test('errors of namespaces and addresses have codes of their own', () => {
  const number = (error: unknown) => (translated(error) as CniError).number;
  assert.is(number(new NetlinkError('ERR_LINK_EXISTS', 'x')), 4);
  assert.is(number(new NetlinkError('ERR_NOT_A_NAMESPACE', 'x')), 8);
  assert.is(number(new NetlinkError('ERR_OWN_NAMESPACE', 'x')), 8);
  assert.is(number(new NetlinkError('ERR_ADDRESS_IN_USE', 'x')), 101);
  assert.is(number(new SystemError('open', -2, '/run/netns/gone')), 3);
  for (const other of [new SystemError('flock', -2, 'x'), new NetlinkError('EBUSY', 'x'), new CniError('io', 'x'), new Error('x')]) assert.is(translated(other), other);
});

test('a command that came later than the configuration\'s version is refused in that version', async () => {
  const { exitCode, output } = await cni({ variables: { CNI_COMMAND: 'CHECK', CNI_CONTAINERID: 'c', CNI_NETNS: '/n', CNI_IFNAME: 'eth0', CNI_PATH: '/' }, input: '{"cniVersion":"0.3.1","name":"web"}' });
  assert.equal([exitCode, JSON.parse(output)], [1, { cniVersion: '0.3.1', code: 1, msg: 'CHECK came with version 0.4.0, the configuration is of 0.3.1' }]);
});

function missing(): unknown {
  try {
    return readdirSync('/nowhere');
  } catch (error) {
    return error;
  }
}

test.run();
