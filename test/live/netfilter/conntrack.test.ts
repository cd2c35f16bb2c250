import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const nl = openNetfilter();
const tool = (...args: string[]): string =>
  execFileSync('conntrack', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const tcp = (n: number) => ({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 'tcp', sport: 1000 + n, dport: 80 }) as const;
const v6 = { src: 'fd00::1', dst: 'fd00::2', protocol: 'udp', sport: 53, dport: 54 } as const;

test.before.each(async () => {
  await nl.conntrack.flush();
  await nl.conntrack.add({ orig: tcp(1), timeout: 100, mark: 7, status: { seenReply: true, assured: true },
    tcp: { state: 'established' } });
  await nl.conntrack.add({ orig: tcp(2), timeout: 100, mark: 0x17,
    reply: { src: '172.17.0.2', dst: '10.0.0.1', protocol: 'tcp', sport: 8080, dport: 1002 },
    tcp: { state: 'synSent' } });
  await nl.conntrack.add({ orig: v6, timeout: 200, zone: 5 });
  await nl.conntrack.add({ orig: { src: '10.0.0.1', dst: '10.0.0.9', protocol: 'icmp', icmpId: 9, icmpType: 8,
    icmpCode: 0 }, timeout: 50 });
});
test.after(() => nl.close());

test('added, listed, counted, and as conntrack reads it', async () => {
  const all = await nl.conntrack.list();
  assert.is(all.length, 4);
  assert.is((await nl.conntrack.count()).entries, 4);
  const one = all.find(({ orig }) => orig?.sport === 1001)!;
  assert.equal(one.orig, tcp(1));
  assert.equal(one.reply, { src: '10.0.0.2', dst: '10.0.0.1', protocol: 'tcp', sport: 80, dport: 1001 });
  assert.is(one.family, 'ip');
  assert.equal(one.status, { seenReply: true, assured: true, confirmed: true });
  assert.is(one.mark, 7);
  assert.ok(one.timeout! > 90 && one.timeout! <= 100);
  assert.is(one.tcp?.state, 'established');
  const six = all.find(({ family }) => family === 'ip6')!;
  assert.equal([six.orig!.src, six.zone], ['fd00::1', 5]);
  assert.is(all.find(({ orig }) => orig?.protocol === 'icmp')!.reply!.icmpType, 0);
  if (!installed('conntrack')) return skip('conntrack is not installed');
  assert.match(tool('-L', '-p', 'tcp', '--sport', '1001'),
    /tcp +6 \d+ ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1001 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1001 \[ASSURED\] mark=7/);
  assert.match(tool('-L', '-f', 'ipv6'), /src=fd00::1 dst=fd00::2 sport=53 dport=54 .*zone=5/);
});

test('what conntrack adds we read', async () => {
  if (!installed('conntrack')) return skip('conntrack is not installed');
  tool('-I', '-p', 'tcp', '-s', '1.1.1.1', '-d', '2.2.2.2', '--sport', '1', '--dport', '2', '--state', 'ESTABLISHED',
    '-t', '60', '-g', '10.5.0.1:99');
  const [one] = await nl.conntrack.list({ orig: { src: '1.1.1.1' } });
  assert.equal(one!.reply, { src: '10.5.0.1', dst: '1.1.1.1', protocol: 'tcp', sport: 99, dport: 1 });
  assert.is(one!.status!.dstNat, true);
});

test('filters', async () => {
  const ports = async (...filter: Parameters<typeof nl.conntrack.list>) =>
    (await nl.conntrack.list(...filter)).map(({ orig }) => orig!.sport ?? 0).sort();
  assert.equal(await ports({ protocol: 'tcp' }), [1001, 1002]);
  assert.equal(await ports({ family: 'ip6' }), [53]);
  assert.equal(await ports({ mark: 7 }), [1001]);
  assert.equal(await ports({ mark: { value: 7, mask: 0xf } }), [1001, 1002]);
  assert.equal(await ports({ zone: 5 }), [53]);
  assert.equal(await ports({ status: { assured: true } }), [1001]);
  assert.equal(await ports({ status: { assured: false }, protocol: 'tcp' }), [1002]);
  assert.equal(await ports({ reply: { src: '172.17.0.2' } }), [1002]);
  assert.equal(await ports({ orig: { dst: '10.0.0.2', dport: 80, sport: 1002 } }), [1002]);
});

test('one is got, changed and forgotten', async () => {
  const one = await nl.conntrack.get({ orig: tcp(1) });
  assert.is(one.mark, 7);
  await nl.conntrack.change(one, { mark: 9, timeout: 30 });
  const now = nl.sync.conntrack.get(one);
  assert.is(now.mark, 9);
  assert.ok(now.timeout! <= 30);
  await nl.conntrack.delete(now);
  const gone = async (work: () => Promise<unknown>) => {
    try {
      await work();
      assert.unreachable();
    } catch (error: any) {
      assert.is(error.code, 'ENOENT', String(error));
    }
  };
  await gone(() => nl.conntrack.get(one));
  await gone(() => nl.conntrack.delete(one));
  assert.is((await nl.conntrack.list()).length, 3);
  assert.throws(() => nl.sync.conntrack.delete({}), /orig: must have src and dst/);
  assert.is((await nl.conntrack.list()).length, 3);
  try {
    await nl.conntrack.add({ orig: tcp(2), timeout: 5 });
    assert.unreachable();
  } catch (error: any) {
    assert.is(error.code, 'EEXIST');
  }
});

test('stale ones of a published port are forgotten, others stay', async () => {
  assert.is(await nl.conntrack.flush({ reply: { src: '172.17.0.2', sport: 8080 } }), 1);
  assert.is(await nl.conntrack.flush({ protocol: 'sctp' }), 0);
  assert.is((await nl.conntrack.list()).length, 3);
  assert.is(await nl.conntrack.flush(), undefined);
  assert.is((await nl.conntrack.list()).length, 0);
});

test('events', async () => {
  writeFileSync('/proc/sys/net/netfilter/nf_conntrack_events',
    '1'); // 2 is the default: only where somebody listened before
  using events = nl.events(['conntrack']);
  await nl.conntrack.add({ orig: tcp(3), timeout: 100, mark: 1 });
  await nl.conntrack.change({ orig: tcp(3) }, { mark: 2 });
  await nl.conntrack.delete({ orig: tcp(3) });
  const seen: any[] = [];
  for await (const event of events) if (seen.push(event) === 3) break;
  assert.equal(seen.map(({ action, conntrack }) => [action, conntrack.orig.sport, conntrack.mark]),
    [['new', 1003, 1], ['update', 1003, 2], ['del', 1003, 2]]);
});

const reason = await nl.conntrack.count().then(() => undefined, (error: Error) => error.message);
if (reason === undefined) test.run();
else skip(`no connection tracking here: ${reason}`);
