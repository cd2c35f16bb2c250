import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { isRoot } from '../../scripts/sandbox.ts';

/** In /tmp itself: the article makes a sandbox in this one, which has a /run of its own. */
const out = mkdtempSync('/tmp/netlink-article-');
test.after(() => rmSync(out, { recursive: true }));

const env = { ...process.env };
delete env['NETLINK_SANDBOX'];
const article = (...words: string[]) => run(process.execPath, ['--import', 'tsx', 'examples/article/run.ts', ...words], { env });

test('the article comes to its end, and says what it proved', async () => {
  const { code, output } = await article('--out', out);
  assert.is(code, 0, output);
  const commands = [...output.matchAll(/^\d+\. (.*)$/gm)].map(([, command]) => command);
  assert.equal(commands, [
    '# brctl addbr br0',
    '# brctl stp br0 off',
    '# ifconfig br0 172.24.133.39/24 up',
    '# brctl addif br0 em1',
    '# ifconfig em1 0.0.0.0',
    '# route add default gw 172.24.133.254 dev br0',
    '# ip link add peerA type veth peer name peerB',
    '# brctl addif br0 peerA',
    '# ip link set peerA up',
    '# ip link set peerB netns ${container-pid}',
    'container # ip link set dev peerB name eth1',
    'container # ip link set eth1 up',
    'container # ip addr add 172.24.133.253/24 dev eth1',
    'container # route add default gw 172.24.133.254 dev eth1',
    '# brctl show',
  ]);
  const proved = [...output.matchAll(/^✓ (.*)$/gm)].map(([, claim]) => claim);
  assert.equal(proved, [
    'the host reaches its gateway, over em1',
    'the laptop gets no answer from 172.24.133.253',
    'the host reaches its gateway, over br0',
    'without the last steps the laptop gets no answer from 172.24.133.253',
    'the laptop asks http://172.24.133.253/ and gets "hello from the container"',
    'the host still reaches its gateway',
    'the container reaches the gateway too',
  ]);
  assert.match(output, /^ {4}br0\t\t8000\.[0-9a-f]{12}\tno\t\tem1\n {4}\t{7}peerA$/m);
  assert.match(output, isRoot() ? /All done in namespaces of its own/ : /All done in a user namespace/);
});

test('the last drawing has what the kernel has', () => {
  assert.equal(readdirSync(out).sort(), ['0-before.svg', '1-bridge.svg', '2-veth.svg', '3-container.svg']);
  const texts = readFileSync(join(out, '3-container.svg'), 'utf8').replaceAll(/<[^>]*>/g, '\n').split('\n');
  const words = texts.map((text) => text.trim()).filter((text) => text !== '').map((text) => text.replace(/process \d+/, 'process N'));
  assert.equal(words, [
    'container (process N)', 'eth1', '172.24.133.253/24', 'default via 172.24.133.254 dev eth1',
    'host', 'br0', 'bridge  172.24.133.39/24', 'em1', 'peerA', 'default via 172.24.133.254 dev br0',
    'lan', 'switch', 'bridge  172.24.133.254/24', 'port1', 'port2',
    'laptop', 'eth0', '172.24.133.10/24',
  ]);
});

test.run();
