import type { RouteClient } from '../../../src/open.ts';
import type { Roll } from '../../support/generate.ts';

/** One operation of a random sequence, as data: it can be printed, left out and done again, here and there. */
export type Move = { readonly in: 'home' | 'blue' } & (
  | { readonly call: 'link.add' | 'rule.add' | 'rule.delete' | 'neigh.add' | 'neigh.replace' | 'neigh.change' | 'neigh.delete'
      | 'route.add' | 'route.replace' | 'route.append' | 'route.change' | 'route.delete'; readonly with: object }
  | { readonly call: 'link.change' | 'link.delete' | 'link.move' | 'link.addAltname' | 'link.deleteAltname' | 'addr.add' | 'addr.replace' | 'addr.delete'; readonly dev: string; readonly with?: unknown }
);

/** Does it; the code of the error, or undefined. */
export async function make(nl: RouteClient, move: Move): Promise<string | undefined> {
  const [family, verb] = move.call.split('.') as ['link', 'add'];
  const call = nl[family][verb] as (...values: unknown[]) => Promise<unknown>;
  const values = 'dev' in move ? [move.dev, ...('with' in move ? [move.with] : [])] : [move.with];
  try {
    await call(...values);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const names = ['a0', 'a1', 'b0', 'b1', 'br0', 'br1', 'i0'];

/** A move that may go well or not, made by chance. */
export function randomMove(roll: Roll): Move {
  const any = <T>(...from: readonly T[]): T => from[roll(from.length)]!, maybe = <T extends object>(value: T): T | {} => (roll(2) ? value : {});
  const name = (): string => any(...names), mac = (): string => `02:00:00:00:00:0${1 + roll(9)}`;
  const address = (): string => `10.${roll(2)}.${roll(2)}.${1 + roll(3)}/${any(16, 24, 24, 24, 32)}`;
  const index = (): { index?: number } => (roll(6) === 0 ? { index: 100_000 + roll(3) } : {});
  const space = roll(6) === 0 ? 'blue' as const : 'home' as const;
  const link = (): Move => any<() => Move>(
    () => ({ in: space, call: 'link.add', with: { name: name(), kind: 'veth', address: mac(), ...index(), ...maybe({ up: true }), ...maybe({ mtu: any(1280, 1400, 9000, 60, 70_000) }),
      options: { peer: { name: name(), address: mac(), ...index(), ...(space === 'home' && roll(4) === 0 ? { netns: 'blue' } : {}) } } } }),
    () => ({ in: space, call: 'link.add', with: { name: name(), kind: 'bridge', ...index(), ...maybe({ address: any(mac(), mac(), '01:00:5e:00:00:01') }), ...maybe({ up: true }),
      ...maybe({ options: { stpState: roll(2), ...maybe({ forwardDelay: any(2, 15, 31) }) } }) } }),
    () => ({ in: space, call: 'link.add', with: { name: name(), kind: 'ifb', address: mac(), ...maybe({ group: roll(3) }), ...maybe({ master: name() }) } }),
    () => ({ in: space, call: 'link.add', with: { name: name(), kind: 'no-such-kind' } }),
  )();
  const change = (): object => any<() => object>(
    () => ({ up: roll(3) > 0 }), () => ({ up: roll(3) > 0 }), () => ({ mtu: any(1280, 1400, 1500, 60, 70_000) }), () => ({ address: any(mac(), mac(), '01:00:5e:00:00:01') }),
    () => ({ master: any<string | number>(name(), 'br0', 'br1', 0) }), () => ({ master: any<string | number>('br0', 'br1', 0), up: true }), () => ({ name: name() }),
    () => ({ group: roll(3), alias: any('x', 'y', '') }), () => ({ txqlen: 10 + roll(3) }),
    () => ({ kind: any('bridge', 'bridge', 'veth'), options: { stpState: roll(2), forwardDelay: any(2, 15, 31) } }),
  )();
  const route = (): object => ({
    dst: any('10.5.0.0/16', '10.6.0.0/16', '10.0.0.0/24', 'default'), ...any<() => object>(
      () => ({ dev: name() }), () => ({ gateway: `10.${roll(2)}.${roll(2)}.9` }), () => ({ gateway: `10.${roll(2)}.${roll(2)}.9`, dev: name() }), () => ({ type: any('blackhole', 'unreachable') }),
    )(), ...maybe({ priority: any(0, 100, 200) }), ...(roll(4) === 0 ? { table: 100 } : {}), ...(roll(5) === 0 ? { prefsrc: `10.0.0.${1 + roll(3)}` } : {}),
  });
  const rule = (): object => ({ fwmark: 1 + roll(3), ...maybe({ priority: 100 * (1 + roll(3)) }), ...maybe({ table: 100 }), ...maybe({ src: '10.0.0.0/8' }) });
  const neigh = (): object => ({ dst: `10.0.0.${7 + roll(3)}`, lladdr: mac(), dev: any('a0', 'b0', 'br0') });
  const moves: readonly (() => Move)[] = [
    link, link, link,
    ...Array<() => Move>(5).fill((): Move => ({ in: space, call: 'link.change', ...(roll(4) ? { dev: name(), with: change() } : { dev: 'lo', with: any<object>({ up: true }, { up: false }, { mtu: 1500 }, { master: 'br0' }) }) })),
    () => ({ in: space, call: 'link.delete', dev: any(name(), name(), name(), 'lo') }),
    () => ({ in: 'home', call: 'link.move', dev: any('a0', 'b0', 'br0', 'i0'), with: 'blue' }),
    () => ({ in: space, call: any('link.addAltname', 'link.deleteAltname'), dev: name(), with: any('other', name()) }),
    ...Array<() => Move>(4).fill(() => ({ in: space, call: any('addr.add', 'addr.add', 'addr.replace'), dev: any(name(), name(), name(), 'lo'), with: any<() => unknown>(address, () => ({ address: address(), broadcast: 'auto' }))() })),
    ...Array<() => Move>(2).fill(() => ({ in: space, call: 'addr.delete', dev: any(name(), 'lo'), with: address() })),
    ...Array<() => Move>(4).fill(() => ({ in: space, call: any('route.add', 'route.add', 'route.replace', 'route.append', 'route.change'), with: route() })),
    ...Array<() => Move>(2).fill(() => ({ in: space, call: 'route.delete', with: { dst: any('10.5.0.0/16', '10.6.0.0/16', '10.0.0.0/24', 'default'), ...maybe({ priority: any(100, 200) }), ...(roll(4) === 0 ? { table: 100 } : {}) } })),
    () => ({ in: space, call: 'rule.add', with: rule() }), () => ({ in: space, call: 'rule.delete', with: rule() }),
    () => ({ in: space, call: any('neigh.add', 'neigh.replace', 'neigh.change', 'neigh.delete'), with: neigh() }),
  ];
  return any(...moves)();
}
