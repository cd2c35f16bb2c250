import { disconnect } from '../network/attach.ts';
import { leaveBridge } from '../network/bridge.ts';
import { aloneWith, forget } from '../network/record.ts';
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

/** The address when nobody uses it any more, and the record behind it: GC asks no IPAM plugin for what is not written down. */
export async function takeBack(asked: Asked): Promise<void> {
  const { config, environment, state } = asked, owner = ownerOf(asked);
  const { settings } = disconnect(owner, state, environment.netns) ?? config;
  if (config.settings.mode !== 'ports') await ipamOf(config, environment, state).release();
  forget(state, owner);
  await leaveBridge(settings, state);
}
