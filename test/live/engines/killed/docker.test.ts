// timeout: 900 s
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lacksNat, left, linksOf, state } from '../../../support/cni.ts';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, bridges, dying } from '../../../support/killed.ts';
import { moveIn, post } from '../../../support/libnetwork.ts';
import { skip } from '../../../support/skip.ts';

/** What dockerd asks from `network create` to `network rm`. */
const calls = readFileSync(new URL('../../../../fixtures/engines/docker.jsonl', import.meta.url), 'utf8').trim().split('\n');
const folder = mkdtempSync(join(tmpdir(), 'driver-')), socketPath = join(folder, 'driver.sock');
let driver: ChildProcess, ended: Promise<unknown>;

beforeKilling();
test.after(() => void driver.kill());

/** Starts the driver; false where it is killed before it listens. */
async function start(syscall: string, n: number): Promise<boolean> {
  const [program, ...words] = dying(syscall, n, 'docker', socketPath);
  driver = spawn(program!, ['-D', ...words], // from aside: the process is the driver's own
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, NETLINK_TS_FOLDER: folder, NETLINK_TS_STATE: state } });
  ended = once(driver, 'close');
  return Promise.race([once(driver.stdout!, 'data').then(() => true), ended.then(() => false)]);
}

/** A network's whole life; false where the driver is killed in it. What is asked then docker takes for failed. */
async function life(known: { PoolID?: string; Address?: string }): Promise<boolean> {
  for (const line of calls) {
    const address = line.startsWith('["NetworkDriver') ? known.Address : known.Address?.replace(/\/.*/, '');
    const [question, body] = JSON.parse(line.replaceAll('$PoolID', known.PoolID!).replaceAll('$Address', address!));
    const { answer } = await post(socketPath, question, body).catch(() => ({ answer: undefined }));
    if (answer === undefined) return false;
    assert.equal([answer.Err, answer.Error], [undefined, undefined], question);
    if (answer.PoolID !== undefined) known.PoolID = answer.PoolID;
    if (question === 'IpamDriver.RequestAddress') known.Address = answer.Address;
    if (question === 'NetworkDriver.Join') await moveIn(body.EndpointID === 'e1' ? 'c1' : 'c2', answer.InterfaceName.SrcName, [body.EndpointID === 'e1' ? '10.99.0.50/16' : known.Address!]);
  }
  return true;
}

/** What docker takes back after a failure: all that it has, and what it has not is no fault. */
async function end({ PoolID }: { PoolID?: string }): Promise<void> {
  const well = async (question: string, body: object): Promise<void> => {
    const { answer } = await post(socketPath, question, body);
    assert.equal([answer.Err, answer.Error], [undefined, undefined], question);
  };
  for (const EndpointID of ['e1', 'e2'])
    for (const question of ['RevokeExternalConnectivity', 'Leave', 'DeleteEndpoint']) await well(`NetworkDriver.${question}`, { NetworkID: 'n1', EndpointID });
  await well('NetworkDriver.DeleteNetwork', { NetworkID: 'n1' });
  if (PoolID !== undefined) await well('IpamDriver.ReleasePool', { PoolID });
}

/* Answers go by `writev`. */
for (const syscall of ['sendto', 'rename', 'writev'])
  test(`docker's driver killed before each ${syscall}: started anew it takes back what docker tells it to, and all can be done again`, async () => {
    let n = 1;
    for (let more = true; more; n++) {
      const known = {};
      more = !(await start(syscall, n) && await life(known));
      if (more) {
        await ended;
        assert.ok(await start(syscall, 10_000));
        await end(known);
        assert.equal([...left(), ...linksOf('c1'), ...linksOf('c2'), ...bridges()], [], `${syscall} ${n}`);
        assert.ok(await life({}));
      }
      driver.kill();
      await ended;
      assert.equal([...left(), ...linksOf('c1'), ...linksOf('c2'), ...bridges()], [], `${syscall} ${n}`);
      assert.equal(JSON.parse(readFileSync(join(folder, 'docker.json'), 'utf8')), { networks: {}, pools: {} });
      assert.equal((readdirSync(join(folder, 'pools'), { recursive: true, encoding: 'utf8' }) as string[]).filter((name) => /\/\d/.test(name)), []);
    }
    assert.ok(n > 8, `killed ${n - 2} times`);
  });

const reason = noContainers('strace') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
