// timeout: 900 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHost } from '../../../../src/container/index.ts';
import { unbridgeUplink } from '../../../../src/engines/network/uplink.ts';
import { conf, left, linksOf, state, well } from '../../../support/cni.ts';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killed, nl } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

const onLan = conf({ mode: 'lan', bridge: 'br0', parent: 'em1', probe: false, ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.50', gateway: '172.24.133.254' } });

beforeKilling();

const has = (name: string): boolean => nl.sync.link.list().some((link) => link.name === name) &&
  nl.sync.addr.list({ dev: name }).some(({ address }) => address === '172.24.133.100/24');
/** One of the two has the host's address and its default route. */
function whole(what: string): void {
  const [dev, not] = has('br0') ? ['br0', 'em1'] : ['em1', 'br0'];
  assert.ok(has(dev) && !has(not), `${what}: ${dev}`);
  assert.equal(nl.sync.route.list({ dst: 'default' }).map(({ gateway, oif }) => [gateway, oif]), [['172.24.133.254', nl.sync.link.get(dev).index]]);
}

test('the move of the uplink\'s address killed before each sendto: whatever is called next brings the address back', async () => {
  for (let n = 1, more = true; more; n++) {
    more = await killed('sendto', n, 'ADD', onLan);
    if (more) await well('STATUS', onLan);
    whole(`sendto ${n}`);
    if (more) await well('ADD', onLan);
    assert.ok(has('br0'));
    await well('DEL', onLan);
    using host = openHost();
    await unbridgeUplink(host, 'br0', state);
    assert.ok(has('em1'));
    assert.equal([...left(), ...linksOf('c1')], []);
  }
});

for (const syscall of ['sendto', 'unlink'])
  test(`the way back killed before each ${syscall}: another GC comes to its end`, async () => {
    const gc = { ...onLan, 'cni.dev/valid-attachments': [] };
    let n = 1;
    for (let more = true; more; n++) {
      await well('ADD', onLan);
      more = await killed(syscall, n, 'GC', gc);
      if (more) await well('STATUS', onLan);
      whole(`${syscall} ${n}`);
      await well('GC', gc);
      assert.ok(has('em1'));
      assert.equal([...left(), ...linksOf('c1')], []);
    }
    assert.ok(n > 5, `killed ${n - 2} times`);
  });

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
