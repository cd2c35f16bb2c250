import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import type { ActionInput } from '../../../src/route/tc/action/declaration.ts';
import type { Filter } from '../../../src/route/tc/message.ts';
import { u32Match } from '../../../src/route/tc/filter/kinds/u32-match.ts';
import { rate } from '../../../src/route/tc/units.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { actions, filterPlace, filters } from '../../support/tc-kinds.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();

test.before.each(async () => {
  await nl.link.add({ name: 't0', kind: 'veth', options: { peer: { name: 't1', up: true } }, up: true });
  await nl.qdisc.add('t0', { kind: 'htb', handle: '1:' });
  await nl.class.add('t0', { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: rate('1mbit') } });
});
test.after.each(() => nl.link.delete('t0'));

/** What `tc` prints; undefined where that is no JSON, as with a few kinds in 6.1. */
function shownBy(line: string): any[] | undefined {
  try {
    return json('tc', line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** In a namespace of a plain user: the kernel wants more of whoever handles actions by themselves. */
const plain = !/^\s*0\s+0\s+4294967295/.test(readFileSync('/proc/self/uid_map', 'utf8'));

/** Whether the kernel lacks a kind or refuses a plain user: it says so, and the reason is printed. */
function lacking({ code, text }: { code?: string; text?: string }, what: string): boolean {
  const lacks = code === 'ENOENT' || code === 'EOPNOTSUPP' || (plain && code === 'EPERM');
  if (lacks) skip(`${what}: ${code}${text ? `, the kernel says "${text}"` : ''}`);
  return lacks;
}

const at = filterPlace, terminal = { flags: { terminal: true } } as const;

/** The filters themselves, without the tables that u32 keeps besides. */
const real = (list: Filter[]): Filter[] => list.filter(({ options }) => options !== undefined && !('divisor' in options && Object.keys(options).length === 1));

if (['tc', 'ip'].some((program) => !installed(program))) skip('iproute2 is not installed');
else {
  for (const input of filters)
    test(`filter ${input.kind}: made by us, shown by tc, listed, set again, deleted`, async () => {
      try {
        await nl.filter.add('t0', input);
      } catch (error) {
        if (lacking(error as { code?: string }, `filter ${input.kind}`)) return;
        throw error;
      }
      const [ours] = real(await nl.filter.list('t0', { parent: '1:' })), theirs = shownBy('filter show dev t0')?.at(-1);
      if (!theirs) assert.match(sh('tc', 'filter show dev t0'), new RegExp(`filter parent 1: protocol ip pref 5 ${input.kind} chain 0 `));
      else assert.equal({ kind: ours!.kind, prio: ours!.prio, protocol: ours!.protocol, parent: ours!.parent, chain: ours!.chain },
        { kind: theirs.kind, prio: theirs.pref, protocol: theirs.protocol, parent: theirs.parent, chain: theirs.chain });
      if (ours!.kind === 'u32') assert.equal([ours!.handle, ours!.options!.classid], [theirs.options.fh, theirs.options.flowid]);
      // cls_cgroup finds none of its filters by handle: there is one to a priority
      const { handle: _, ...place } = ours as Filter, found = input.kind === 'cgroup' ? place as Filter : ours as Filter;
      if (found === ours) assert.equal((await nl.filter.get('t0', found)).options, ours!.options);
      await nl.filter.delete('t0', found);
      assert.equal(real(await nl.filter.list('t0', { parent: '1:' })), []);
      await nl.filter.add('t0', ours!);
      assert.equal(real(await nl.filter.list('t0', { parent: '1:', kind: input.kind }))[0]!.options, ours!.options);
      assert.equal(real(await nl.filter.list('t0', { parent: '1:', prio: 6 })), []);
      await nl.filter.delete('t0', { parent: '1:' });
      assert.equal(await nl.filter.list('t0', { parent: '1:' }), []);
    });

  for (const input of actions)
    test(`action ${input.kind}: made by us, shown by tc, listed, used, deleted`, async () => {
      try {
        await nl.action.add({ ...input, options: { ...input.options, ...(input.kind === 'pedit' ? {} : { index: 77 }) } } as ActionInput);
      } catch (error) {
        if (lacking(error as { code?: string }, `action ${input.kind}`)) return;
        throw error;
      }
      const list = await nl.action.list(input.kind), shown = shownBy(`actions list action ${input.kind}`)?.flatMap(({ actions = [] }) => actions);
      assert.equal(list.map(({ kind }) => kind), shown?.map(({ kind, type }) => kind ?? type) ?? [input.kind]);
      const [ours] = list, theirs = shown?.[0] ?? {}, options = ours!.options as { [key: string]: any };
      const index = options['index'] ?? options['parmsEx'].index;
      if (input.kind !== 'pedit' && shown) assert.is(theirs.index, options['index']);
      if (theirs.control_action && input.kind !== 'police') assert.is(options['control'] ?? options['parmsEx']?.control, theirs.control_action.type);
      for (const [key, value] of Object.entries(input.options!))
        if (key === 'dev') assert.is(options['ifindex'], (await nl.link.get(value as string)).index);
        else if (!['ops', 'parmsEx'].includes(key)) assert.equal(options[key], value, key);
      assert.equal((await nl.action.get({ kind: input.kind, index })).kind, input.kind);
      assert.is((await refusal(nl.action.add(ours as ActionInput))).code, 'EEXIST');
      await nl.action.replace(ours as ActionInput);
      await nl.action.delete({ kind: input.kind, index });
      assert.equal(await nl.action.list(input.kind), []);
      await nl.action.flush(input.kind);
    });

  test('what tc made is read: a filter with keys, a police or an action', async () => {
    sh('tc', 'filter add dev t0 parent 1: protocol ip prio 7 u32 match ip src 10.1.2.3 match ip tos 0x10 0xff classid 1:10 action mirred egress mirror dev t1');
    const [ours] = real(await nl.filter.list('t0', { parent: '1:' }));
    assert.ok(ours!.kind === 'u32');
    const { sel, classid, actions: done } = ours.options!;
    assert.equal([sel!.keys, classid, sel!.flags], [[...u32Match({ src: '10.1.2.3' }), ...u32Match({ tos: 0x10 })], '1:10', { terminal: true }]);
    assert.equal(done!.map(({ kind }) => kind), ['mirred']);
    assert.ok(done![0]!.kind === 'mirred' && done![0]!.options!.action === 'egress mirror' && done![0]!.options!.ifindex === (await nl.link.get('t1')).index);
    await nl.filter.delete('t0', { ...at, prio: 7, kind: 'u32', handle: ours.handle });
    assert.equal(json('tc', 'filter show dev t0').filter(({ options }) => options?.match), []);
  });

  test('tables of u32: a hash of buckets that a link leads to', async () => {
    await nl.filter.add('t0', { ...at, kind: 'u32', handle: '2:', options: { divisor: 256 } });
    await nl.filter.add('t0', { ...at, kind: 'u32', options: { hash: 0x00205000, classid: '1:10', sel: { ...terminal, keys: u32Match({ src: '10.0.0.5' }) } } });
    await nl.filter.add('t0', { ...at, kind: 'u32', options: { link: 0x00200000, sel: { hmask: 0xff, hoff: 12, keys: u32Match({ src: '10.0.0.0/24' }) } } });
    const list = await nl.filter.list('t0', { parent: '1:', kind: 'u32' });
    assert.ok(list.some(({ handle }) => handle === '2:5:800'));
    const shown = json('tc', 'filter show dev t0').map(({ options }) => options?.fh).filter(Boolean);
    assert.equal(list.filter(({ options }) => options).map(({ handle }) => handle), shown);
    assert.ok(list.some((one) => one.kind === 'u32' && one.options?.link === 0x00200000 && one.options.sel?.hmask === 0xff));
  });

  test('a shared block, chains and the hooks of clsact', async () => {
    await nl.qdisc.add('t1', { kind: 'clsact', ingressBlock: 22, egressBlock: 23 });
    assert.equal((({ ingressBlock, egressBlock }) => [ingressBlock, egressBlock])((await nl.qdisc.list({ dev: 't1', kind: 'clsact' }))[0]!), [22, 23]);
    const [shown] = json('tc', 'qdisc show dev t1').filter(({ kind }) => kind === 'clsact');
    assert.equal([shown.ingress_block, shown.egress_block], [22, 23]);
    await nl.filter.add({ block: 22 }, { kind: 'u32', protocol: 'ip', prio: 1, chain: 3, options: { classid: ':1', sel: { ...terminal, keys: u32Match({ dport: 53 }) } } });
    const [ours] = real(await nl.filter.list({ block: 22 }));
    assert.equal([ours!.block, ours!.chain, ours!.parent, ours!.handle], [22, 3, undefined, '800::800']);
    assert.match(sh('tc', 'filter show block 22'), /chain 3 fh 800::800 /);
    await nl.chain.add({ block: 22 }, { chain: 9 });
    assert.equal((await nl.chain.list({ block: 22 })).map(({ chain }) => chain).sort(), [3, 9]);
    assert.equal(json('tc', 'chain show block 22').map(({ chain }) => chain).sort(), [3, 9]);
    assert.is((await nl.chain.get({ block: 22 }, { chain: 9 })).block, 22);
    await nl.chain.delete({ block: 22 }, { chain: 9 });
    await nl.filter.delete({ block: 22 }, ours as Filter);
    assert.equal(await nl.chain.list({ block: 22 }), []);
    assert.is((await refusal(nl.chain.get({ block: 22 }, { chain: 9 }))).code, 'EINVAL');
    await nl.qdisc.delete('t1', { parent: 'clsact' });
    await nl.qdisc.add('t1', { kind: 'clsact' });
    await nl.filter.add('t1', { kind: 'u32', parent: 'egress', protocol: 'all', prio: 1, options: { classid: ':1', sel: { ...terminal, keys: [{ mask: 0, val: 0, off: 0, offmask: 0 }] } } });
    assert.is(real(await nl.filter.list('t1', { parent: 'egress' }))[0]!.parent, 'egress');
    assert.equal(await nl.filter.list('t1', { parent: 'ingress' }), []);
    assert.match(sh('tc', 'filter show dev t1 egress'), /flowid :1/);
  });

  test('refusals say what is wrong', async () => {
    await nl.filter.add('t0', filters[0]!);
    assert.is((await refusal(nl.filter.get('t0', { ...at, kind: 'u32', handle: '800::900' }))).code, 'ENOENT');
    assert.is((await refusal(nl.filter.add('t0', { ...filters[0]!, handle: '800::800' }))).code, 'EEXIST');
    assert.match((await refusal(nl.filter.add('t0', { ...at, kind: 'u32', options: { classid: '1:10' } }))).message, /filter\.add failed: EINVAL, .*Selector not specified/i);
    assert.match((await refusal(nl.filter.add('nowhere', { ...at, kind: 'u32' }))).message, /There is no link named "nowhere"/);
    const dev = await refusal(nl.filter.add('t0', { ...at, kind: 'u32', options: { actions: [{ kind: 'mirred', options: { action: 'egress mirror', dev: 'nowhere' } }] } }));
    assert.match(dev.message, /actions\[0\]\.options\.dev/);
    assert.equal(await nl.action.list('no_such_kind'), []);
    assert.is((await refusal(nl.action.get({ kind: 'no_such_kind', index: 1 }))).code, 'EINVAL');
  });
  test.after(() => nl.close());
  test.run();
}
