import { disconnect } from '../network/attach.ts';
import { leaveBridge } from '../network/bridge.ts';
import { aloneWith } from '../network/record.ts';
import { ownerOf, translated, type Asked } from './asked.ts';
import { ipamOf } from './ipam.ts';

/** Disconnects a container: again, too, and when its namespace is long gone. */
export async function del(asked: Asked): Promise<void> {
  try {
    await aloneWith(asked.state, ownerOf(asked), () => takeBack(asked));
  } catch (error) {
    throw translated(error);
  }
}

/** The address last: nobody else is given it while it is still in use. */
export async function takeBack(asked: Asked): Promise<void> {
  const { config, environment, state } = asked;
  disconnect(ownerOf(asked), state, environment.netns);
  await leaveBridge(config.settings, state);
  if (config.settings.mode !== 'ports') await ipamOf(config, environment, state).release();
}
