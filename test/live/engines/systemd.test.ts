// timeout: 120 s
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { bundle } from '../../support/build.ts';
import { conf, lacksNat, left, start, state, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually } from '../../support/witness.ts';

const place = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const units = place('examples/systemd'), client = place('src/engines/serve/client.pl');
let bin: string;

test.before(() => {
  netns.create('c1');
  bin = join(bundle(), 'engines/bin.cjs');
});
test.after(() => netns.delete('c1'));

/** Starts a command as systemd does: when somebody comes to its socket. */
async function activated(command: string, socket: string) {
  const more = [`NETLINK_TS_STATE=${state}`, `NETLINK_TS_FOLDER=${state}`].flatMap((one) => ['-E', one]);
  const child = spawn('systemd-socket-activate', ['-l', socket, ...more, process.execPath, bin, command], { stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await eventually(() => existsSync(socket));
  const end = async (): Promise<void> => {
    child.kill();
    assert.equal(await once(child, 'exit'), [0, null]);
    assert.match(said.join(''), 'listening at the socket handed over');
  };
  return { end };
}

test('systemd finds nothing wrong with the units', () => {
  const files = readdirSync(units).map((name) => join(units, name)), { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
  assert.is(files.length, 4);
  assert.equal([status, `${stdout}${stderr}`], [0, '']);
});

test('the first client of the socket starts the server, and is answered', async () => {
  const socket = join(state, 'activated.sock'), { end } = await activated('serve', socket), asked = { NETLINK_TS_SOCKET: socket };
  const { code, value } = await start([client], 'ADD', conf(), asked).ended;
  assert.is(code, 0, JSON.stringify(value));
  await well('CHECK', { ...conf(), prevResult: value });
  assert.is((await start([client], 'DEL', conf(), asked).ended).code, 0);
  assert.equal(left(), []);
  await end();
});

test('docker\'s first question starts the driver, and is answered', async () => {
  const socketPath = join(state, 'driver.sock'), { end } = await activated('docker', socketPath);
  const answer = await new Promise<string>((resolve, reject) => {
    request({ socketPath, path: '/Plugin.Activate', method: 'POST' }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve(text);
    }).on('error', reject).end();
  });
  assert.equal(JSON.parse(answer), { Implements: ['NetworkDriver', 'IpamDriver'] });
  await end();
});

const reason = noContainers('systemd-analyze', 'systemd-socket-activate', 'perl') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
