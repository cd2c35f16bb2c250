import { attribute, attributes, padding, within } from '../../schema/attributes.ts';
import { list } from '../../schema/arrays.ts';
import { flags } from '../../schema/flags.ts';
import { interfaceName } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { priority } from '../chain/hook.ts';
import { nfgenmsg } from '../header.ts';
import { nftName } from '../verdict.ts';

export const flowtableMessage = message('flowtable', nfgenmsg, attributes({
  table: attribute('NFTA_FLOWTABLE_TABLE', 1, nftName, { always: true }),
  name: attribute('NFTA_FLOWTABLE_NAME', 2, nftName, { always: true }),
  ...within('NFTA_FLOWTABLE_HOOK', 3, {
    /** NF_NETDEV_INGRESS, 0: there is no other. */
    hook: attribute('NFTA_FLOWTABLE_HOOK_NUM', 1, be32),
    priority: attribute('NFTA_FLOWTABLE_HOOK_PRIORITY', 2, priority),
    devices: attribute('NFTA_FLOWTABLE_HOOK_DEVS', 3, list('NFTA_DEVICE_NAME', interfaceName, 1)),
  }),
  /** How many rules use it. */
  use: attribute('NFTA_FLOWTABLE_USE', 4, be32, { readOnly: true }),
  handle: attribute('NFTA_FLOWTABLE_HANDLE', 5, be64),
  flags: attribute('NFTA_FLOWTABLE_FLAGS', 7,
    flags(be32, { hwOffload: ['NFT_FLOWTABLE_HW_OFFLOAD', 0x1], counter: ['NFT_FLOWTABLE_COUNTER', 0x2] })),
}, padding('NFTA_FLOWTABLE_PAD', 6)));

export type Flowtable = Decoded<typeof flowtableMessage>;
