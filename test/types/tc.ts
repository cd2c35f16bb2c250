/** Types of traffic control: see support.ts for the pattern. */
import { openRoute, type Filter, type HtbClass, type Qdisc, type TbfOptions, type TcClass } from 'netlink-ts';
import { same } from './support.ts';

export async function check(nl: ReturnType<typeof openRoute>, qdisc: Qdisc, one: TcClass, filter: Filter): Promise<void> {
  same<typeof qdisc.handle, string>(true);
  same<NonNullable<typeof qdisc.stats>['bytes'], bigint | undefined>(true);
  if (qdisc.kind === 'tbf') same<typeof qdisc.options, TbfOptions | undefined>(true);
  if (qdisc.kind === 'htb') {
    qdisc.options?.default?.toFixed();
    // @ts-expect-error: the qdisc has no rate, its classes have
    qdisc.options?.rate;
  }
  if (one.kind === 'htb') same<typeof one.options, HtbClass | undefined>(true);
  if (filter.kind === 'u32') filter.options?.sel?.keys?.[0]?.mask.toFixed();
  for (const action of filter.kind === 'flower' ? filter.options?.actions ?? [] : [])
    if (action.kind === 'mirred') action.options?.ifindex?.toFixed();

  await nl.qdisc.add('eth0', { kind: 'htb', handle: '1:', options: { default: 0x30 } });
  await nl.class.add('eth0', { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: 1250000 } });
  await nl.filter.add({ block: 7 }, { kind: 'matchall', options: { actions: [{ kind: 'gact', options: { control: 'drop' } }] } });
  await nl.action.add({ kind: 'mirred', options: { action: 'egress redirect', dev: 'eth1' } });
  await nl.qdisc.add('eth0', { kind: 'a kind of my own', options: new Uint8Array(4) });
  // what is listed can be set again
  await nl.qdisc.replace('eth0', qdisc);
  await nl.class.change('eth0', one);
  await nl.filter.add('eth0', filter);
  for (const action of await nl.action.list('gact')) await nl.action.replace(action);
  // @ts-expect-error: htb has a default, not a standard
  await nl.qdisc.add('eth0', { kind: 'htb', options: { standard: 1 } });
  // @ts-expect-error: rates are numbers
  await nl.class.add('eth0', { kind: 'htb', options: { rate: '10mbit' } });
  // @ts-expect-error: no such verdict
  await nl.action.add({ kind: 'gact', options: { control: 'perhaps' } });
}
