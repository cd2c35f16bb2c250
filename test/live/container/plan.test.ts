// timeout: 600 s
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import { openHost, PlanError } from '../../../src/container/index.ts';
import { call, step } from '../../../src/container/plan/call.ts';
import { openJournal } from '../../../src/container/plan/journal.ts';
import { refusal, sh } from '../../support/witness.ts';
import { killedAt } from './killed.ts';
import { three, threeSteps } from './three-steps.ts';

const host = openHost();
test.after(() => host.close());

const forwarding = (): string => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim();
const state = () => ({ links: sh('ip', '-br link show'), addresses: sh('ip', '-br address show'), forwarding: forwarding() });
const before = state();
const asBefore = () => assert.equal(state(), before);
/** A test that leaves nothing behind. (What fails in uvu's own after.each is not counted as a failure.) */
const clean = (name: string, work: () => void | Promise<void>) => test(name, async () => {
  await work();
  asBefore();
});

clean('a plan tells its calls and commands, and changes nothing', async () => {
  assert.equal(await threeSteps(host).plan(), [
    { call: `link.add({ name: 'br7', kind: 'bridge', address: '02:00:00:00:00:17' })`, where: 'host',
      command: 'ip link add name br7 address 02:00:00:00:00:17 type bridge' },
    { call: `sysctl.set('net/ipv4/ip_forward', '1')`, command: 'sysctl -w net/ipv4/ip_forward=1', where: 'host' },
    { call: `link.change('br7', { up: true })`, command: 'ip link set dev br7 up', where: 'host' },
    { call: `addr.add('br7', '192.0.2.1/24')`, command: 'ip address add 192.0.2.1/24 dev br7', where: 'host' },
  ]);
});

clean('what was applied is there, and can be undone at any time', async () => {
  const applied = await threeSteps(host).apply();
  assert.is(applied.result, '3 steps');
  assert.is(await applied.outcome, 'kept');
  assert.match(sh('ip', 'address show dev br7'), '192.0.2.1/24');
  assert.is(forwarding(), '1');
  await applied.undo();
});

clean('a step that fails undoes those before it', async () => {
  const error = await refusal(threeSteps(host, step(call('host', 'link.add', [{ name: 'br7', kind: 'bridge' }]))).apply({ guard: false }));
  assert.instance(error, PlanError);
  assert.is(error.code, 'EEXIST');
  assert.is(error.step, 3);
  assert.match(error.message, /^three failed: link\.add failed: EEXIST.*; everything was undone$/);
});

clean('an undo does not touch what is not ours', async () => {
  sh('ip', 'link add br7 type bridge');
  assert.is((await refusal(threeSteps(host).apply({ guard: false }))).code, 'EEXIST');
  sh('ip', 'link delete br7');
});

clean('a check that says no undoes it all', async () => {
  let seen = '';
  const error = await refusal(threeSteps(host).apply({ guard: false, check: () => {
    seen = sh('ip', '-br address show dev br7');
    return false;
  } }));
  assert.is(error.code, 'ERR_CHECK');
  assert.match(seen, '192.0.2.1/24');
});

clean('an abort undoes it all', async () => {
  const stop = new AbortController();
  const error = await refusal(threeSteps(host).apply({ guard: false, signal: stop.signal, progress: (at) => at === 1 && stop.abort() }));
  assert.is(error.name, 'PlanError');
});

clean('without a confirmation it is undone, by the helper', async () => {
  const applied = await threeSteps(host).apply({ confirmWithin: 1 });
  assert.is(await applied.outcome, 'undone');
  assert.is((await refusal(applied.confirm())).code, 'ERR_UNCONFIRMED');
});

clean('with one it stays', async () => {
  const applied = await threeSteps(host).apply({ confirmWithin: 600_000 });
  await applied.confirm();
  assert.is(await applied.outcome, 'kept');
  assert.match(sh('ip', 'address show dev br7'), '192.0.2.1/24');
  await applied.undo();
});

clean('undone before it was confirmed, the helper has nothing to do', async () => {
  const applied = await threeSteps(host).apply({ confirmWithin: 600_000 });
  await applied.undo();
  assert.is(await applied.outcome, 'undone');
  await applied.undo();
  assert.is((await refusal(applied.confirm())).code, 'ERR_UNCONFIRMED');
});

/** The process that has the journal among its arguments. */
const helperOf = (journal: string): number => Number(readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && commandLine(pid).includes(journal)));
const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
};

clean('what a terminal sends to all its processes does not end the helper', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-')), journal = join(folder, 'journal');
  const applied = await threeSteps(host).apply({ confirmWithin: 3000, journal });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(helperOf(journal), signal);
  assert.is(await applied.outcome, 'undone');
  rmSync(folder, { recursive: true });
});

clean('what the helper is told when it has decided changes nothing', async () => {
  const journal = openJournal(), helper = fileURLToPath(new URL('../../../src/container/plan/helper.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, helper, JSON.stringify({ journal: journal.path, ownFolder: true, places: { host: 3 } })], { stdio: ['pipe', 'pipe', 'inherit', host.ns.fd] });
  let said = '';
  child.stdout!.on('data', (bytes: Buffer) => (said += bytes));
  child.stdin!.end('keep\nwait 0\nkeep\n');
  assert.equal([...await once(child, 'close'), said, existsSync(journal.path)], [0, null, 'ready\nkept\n', true]);
  journal.close();
});

clean('a helper that was killed is missed, and what it should have undone can be undone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-')), journal = join(folder, 'journal');
  const applied = await threeSteps(host).apply({ confirmWithin: 600_000, journal });
  process.kill(helperOf(journal), 'SIGKILL');
  const error = await refusal(applied.outcome);
  assert.equal([error.code, error.message], ['ERR_HELPER', 'the undo helper ended: SIGKILL']);
  assert.is((await refusal(applied.confirm())).code, 'ERR_HELPER');
  await applied.undo();
  assert.not(existsSync(journal));
  rmSync(folder, { recursive: true });
  const failing = threeSteps(host).apply({ journal: `${folder}-2`, check: () => !process.kill(helperOf(`${folder}-2`), 'SIGKILL') });
  assert.match((await refusal(failing)).message, /the check that was asked for said no; everything was undone$/);
});

clean('what the helper could not undo, it says, and leaves the journal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-')), journal = join(folder, 'journal');
  const stubborn = step(call('host', 'link.change', ['br7', { mtu: 1400 }]), [call('host', 'link.delete', ['nobody'])]);
  const applied = await threeSteps(host, stubborn).apply({ confirmWithin: 1, journal });
  const error = await refusal(applied.outcome);
  assert.is(error.code, 'ERR_HELPER');
  assert.match(error.message, /^the undo helper ended: exit code 1, link\.delete in the host: link\.delete failed: ENODEV/);
  assert.match(readFileSync(journal, 'utf8'), 'nobody');
  rmSync(folder, { recursive: true });
});

clean('where no helper can be started nothing is begun', async () => {
  const text = `import { execFileSync } from 'node:child_process';
    import { closeSync, openSync } from 'node:fs';
    import { openHost } from ${JSON.stringify(new URL('../../../src/container/index.ts', import.meta.url).href)};
    import { threeSteps } from ${JSON.stringify(new URL('three-steps.ts', import.meta.url).href)};
    const host = openHost(), extra = [];
    await (await threeSteps(host).apply()).undo();
    execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=100']);
    try { for (;;) extra.push(openSync('/dev/null', 'r')); } catch {}
    for (let left = 0; left < 2; left++) closeSync(extra.pop());
    const { code, message } = await threeSteps(host).apply().then(() => ({}), (error) => error);
    for (const fd of extra) closeSync(fd);
    console.log(code, message);
    await (await threeSteps(host).apply()).undo();
    host.close();`;
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text]);
  assert.match(stdout, /^ERR_HELPER three failed: the undo helper does not run: spawn .*EMFILE; everything was undone\n$/, stderr);
});

clean('killed behind any step, and before it, everything comes back', async () => {
  for (const moment of ['0 begun', '0 done', '1 begun', '1 done', '2 begun', '2 done']) {
    assert.ok(await killedAt(moment, 'steps', three), moment);
    asBefore();
  }
});

test.run();
