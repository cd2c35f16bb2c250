import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { nfgenmsg } from '../header.ts';
import { userdata } from '../userdata.ts';
import { nftName } from '../verdict.ts';

export const tableMessage = message('table', nfgenmsg, attributes({
  name: attribute('NFTA_TABLE_NAME', 1, nftName, { always: true }),
  flags: attribute('NFTA_TABLE_FLAGS', 2, flags(be32, {
    /** Its chains are not called. */
    dormant: ['NFT_TABLE_F_DORMANT', 0x1],
    /** Only the socket that made it may change it, and it goes with that socket. */
    owner: ['NFT_TABLE_F_OWNER', 0x2],
    /** It stays when its owner goes. */
    persist: ['NFT_TABLE_F_PERSIST', 0x4],
  })),
  /** The number of its chains. */
  use: attribute('NFTA_TABLE_USE', 3, be32, { readOnly: true }),
  handle: attribute('NFTA_TABLE_HANDLE', 4, be64),
  userdata: attribute('NFTA_TABLE_USERDATA', 6, userdata(0)),
  /** The port of the owner's socket. */
  owner: attribute('NFTA_TABLE_OWNER', 7, be32, { readOnly: true }),
}, padding('NFTA_TABLE_PAD', 5)));

export type Table = Decoded<typeof tableMessage>;
