import { openNetfilter } from '../../netfilter/index.ts';
import { openRoute } from '../../open.ts';
import { find } from '../network/links.ts';
import type { Asked } from './asked.ts';
import { CniError } from './errors.ts';
import { ipamOf } from './ipam.ts';

/** Whether an ADD could succeed now. Fails with code 50 where not. */
export async function status({ config, environment, state }: Asked): Promise<void> {
  const { mode, parent, device, bridge } = config.settings;
  const unready = (why: string): never => {
    throw new CniError('notReady', why);
  };
  using nl = openRoute();
  const needed = mode === 'macvlan' || mode === 'ipvlan' ? parent : mode === 'host-device' ? device
    : mode === 'lan' && !find(nl, bridge) ? parent ?? bridge : undefined;
  if (needed !== undefined && !find(nl, needed)) unready(`there is no link ${needed}`);
  try {
    using nft = openNetfilter();
    nft.sync.table.list();
  } catch (error) {
    unready(`nf_tables: ${(error as Error).message}`);
  }
  if (mode !== 'ports') await ipamOf(config, environment, state).status();
}
