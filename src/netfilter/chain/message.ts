import { attribute, attributes, padding, within } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { list } from '../../schema/arrays.ts';
import { flags } from '../../schema/flags.ts';
import { cstring, interfaceName } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { counter } from '../expressions/counter.ts';
import { nfgenmsg } from '../header.ts';
import { userdata } from '../userdata.ts';
import { nftName } from '../verdict.ts';
import { hook, priority } from './hook.ts';

export const chainMessage = message('chain', nfgenmsg, attributes({
  table: attribute('NFTA_CHAIN_TABLE', 1, nftName, { always: true }),
  handle: attribute('NFTA_CHAIN_HANDLE', 2, be64),
  name: attribute('NFTA_CHAIN_NAME', 3, nftName, { always: true }),
  ...within('NFTA_CHAIN_HOOK', 4, {
    hook: attribute('NFTA_HOOK_HOOKNUM', 1, hook),
    priority: attribute('NFTA_HOOK_PRIORITY', 2, priority),
    /** For ingress and egress. */
    device: attribute('NFTA_HOOK_DEV', 3, interfaceName),
    devices: attribute('NFTA_HOOK_DEVS', 4, list('NFTA_DEVICE_NAME', interfaceName, 1)),
  }),
  /** What becomes of packets that no rule decides on; base chains alone. */
  policy: attribute('NFTA_CHAIN_POLICY', 5, choice(be32, { drop: ['NF_DROP', 0], accept: ['NF_ACCEPT', 1] })),
  /** How many rules and jumps there are. */
  use: attribute('NFTA_CHAIN_USE', 6, be32, { readOnly: true }),
  /** `filter`, `nat` or `route`; base chains alone. */
  type: attribute('NFTA_CHAIN_TYPE', 7, cstring),
  counters: attribute('NFTA_CHAIN_COUNTERS', 8, counter),
  flags: attribute('NFTA_CHAIN_FLAGS', 10, flags(be32, {
    base: ['NFT_CHAIN_BASE', 0x1], hwOffload: ['NFT_CHAIN_HW_OFFLOAD', 0x2], binding: ['NFT_CHAIN_BINDING', 0x4],
  })),
  id: attribute('NFTA_CHAIN_ID', 11, be32),
  userdata: attribute('NFTA_CHAIN_USERDATA', 12, userdata(0)),
}, padding('NFTA_CHAIN_PAD', 9)));

export type Chain = Decoded<typeof chainMessage>;
