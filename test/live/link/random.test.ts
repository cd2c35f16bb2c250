import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { Link, LinkInput } from '../../../src/route/link/message.ts';
import { asIp } from '../../support/ip-link.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { dice } from '../../support/witness.ts';
import { clear, sameAsIp, still } from './sandbox.ts';

const nl = openRoute();
test.after(() => nl.close());
test.before.each(() => clear(nl));

test('random topologies look the same to ip and to us, and survive being made anew from the list', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const roll = dice(7), any = <T>(...choices: T[]): T => choices[roll(choices.length)]!;
  for (let round = 0; round < 5; round++) {
    await clear(nl);
    const mac = () =>
      `02:00:00:${[roll(256), roll(256), roll(256)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
    const bases = ['v0a', 'v1a', 'v2a'];
    await nl.batch((b) =>
      [0, 1, 2].map((i) =>
        b.link.add({
          name: `v${i}a`,
          kind: 'veth',
          up: roll(2) === 1,
          address: mac(),
          options: { peer: { name: `v${i}b`, address: mac(), mtu: 1200 + roll(300) } },
        }),
      ),
    );
    await nl.batch((b) =>
      Array.from({ length: 2 }, (_, i) =>
        b.link.add({
          name: `br${i}`,
          kind: 'bridge',
          up: roll(2) === 1,
          address: mac(),
          mtu: 1300 + roll(200),
          txqlen: roll(5000),
          group: roll(9),
          options: {
            forwardDelay: 2 + roll(2800) / 100,
            ageingTime: roll(100000) / 100,
            priority: roll(65536),
            mcastSnooping: roll(2) === 1,
            groupFwdMask: roll(256) * 8,
            mcastHashMax: 2 ** (1 + roll(10)),
          },
        }),
      ),
    );
    for (const i of [0, 1, 2])
      if (roll(2))
        await nl.link.change(`v${i}b`, {
          master: any('br0', 'br1'),
          portKind: 'bridge',
          port: {
            cost: 1 + roll(65000),
            priority: roll(64),
            learning: roll(2) === 1,
            isolated: roll(2) === 1,
            neighSuppress: roll(2) === 1,
          },
        });
    for (let i = 0; i < 3; i++) {
      const input: LinkInput = any<() => LinkInput>(
        () => ({
          name: `k${i}`,
          kind: 'macvlan',
          link: any(...bases),
          address: mac(),
          options: { mode: any('private', 'vepa', 'bridge'), flags: {} },
        }),
        () => ({
          name: `k${i}`,
          kind: 'vxlan',
          options: {
            id: roll(1 << 24),
            group: `10.0.0.${1 + roll(200)}`,
            port: 1000 + roll(60000),
            ttl: roll(256),
            learning: roll(2) === 1,
            ageing: roll(1000),
            l3miss: roll(2) === 1,
          },
        }),
        () => ({ name: `k${i}`, kind: 'ifb', alias: `number ${i}`, altnames: [`another-name-of-number-${i}`] }),
      )();
      await nl.link.add(input);
    }
    const before = await sameAsIp(nl);
    // taken away and made again from the list: pairs by hand, for the kernel does not say who is made by whom
    const alone = before.filter((link) => link.kind !== undefined && link.kind !== 'veth');
    for (const link of alone) await nl.link.delete(link);
    for (const link of alone) await nl.link.add(link as LinkInput);
    for (const { index, master, portKind } of before)
      if (portKind === 'bridge') await nl.link.change(index, { master });
    for (const link of before)
      if (link.portKind === 'bridge') await nl.link.ensure(link as LinkInput & { name: string });
    const after = await sameAsIp(nl);
    assert.equal(after.map((link) => link.index).toSorted(), before.map((link) => link.index).toSorted());
    for (const was of before)
      assert.equal(
        made(
          after.find((link) => link.index === was.index)!,
          after,
        ),
        made(was, before),
        was.name,
      );
  }
});

/** What a link was made as, without what became of it since. */
const made = (link: Link, links: readonly Link[]): object => {
  const { operstate: _operstate, qdisc: _qdisc, flags, ...rest } = asIp(link, links);
  return still({ ...rest, flags: (flags as string[]).filter((flag) => !/CARRIER|LOWER_UP/.test(flag)) });
};

test.run();
