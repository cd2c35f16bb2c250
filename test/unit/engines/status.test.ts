import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/engines/cni/config.ts';
import type { CniError } from '../../../src/engines/cni/errors.ts';
import { status } from '../../../src/engines/cni/status.ts';

test('who may not ask nf_tables is told that no container could be connected', async () => {
  const config = readConfig(JSON.stringify({ cniVersion: '1.1.0', name: 'web' }), { args: {} });
  const root = process.getuid!() === 0;
  if (root) process.seteuid!(65534);
  try {
    const { number, message } = await status({ config, environment: { command: 'STATUS' } as never, state: '/nowhere' }).then(() => assert.unreachable('it should have failed'), (error) => error) as CniError;
    assert.is(number, 50);
    assert.match(message, /^nf_tables: table\.list failed: (EPERM|EPROTONOSUPPORT)/);
  } finally {
    if (root) process.seteuid!(0);
  }
});

test.run();
