// timeout: 900 s
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { conf, lacksNat, left, reference, start, state, well } from '../../../support/cni.ts';
import { absent, noContainers } from '../../../support/installed.ts';
import { beforeKilling, killed, killEach, program } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

beforeKilling();
killEach('bridge',
  { runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }], bandwidth: { ingressRate: 1e9, egressRate: 1e9 } } },
  { runtimeConfig: { portMappings: [{ hostPort: 82, containerPort: 80 }] } });

test('what is written down is on the disk before it has its name', async () => {
  const trace = join(state, 'trace');
  await start(['strace', '-qq', '-o', trace, '-e', 'trace=fsync,/^rename', ...program()], 'ADD', conf()).ended;
  const calls = readFileSync(trace, 'utf8').split('\n').filter((line) => !line.includes('/compiled/')).map((line) => /^(fsync|rename)/.exec(line)?.[0]).filter(Boolean);
  await well('DEL', conf());
  assert.ok(calls.length >= 8, `${calls.length} calls`);
  assert.equal(calls, calls.map((_, i) => (i % 2 === 0 ? 'fsync' : 'rename')));
});

test('GC killed before each unlink: an IPAM plugin that knows no GC is asked by another for what is gone', async () => {
  const lacks = absent(join(reference, 'host-local'));
  if (lacks) return skip(lacks);
  const config = conf({ ipam: { type: 'host-local', subnet: '10.90.0.0/24', dataDir: join(state, 'host-local') } }), gc = { ...config, 'cni.dev/valid-attachments': [] };
  let n = 1;
  for (let more = true; more; n++) {
    await well('ADD', config);
    more = await killed('unlink', n, 'GC', gc);
    await well('GC', gc);
    assert.equal([...left(), ...readdirSync(join(state, 'host-local/web')).filter((name) => name.startsWith('10.'))], [], `unlink ${n}`);
  }
  assert.ok(n > 3, `killed ${n - 2} times`);
});

const reason = noContainers('strace') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
