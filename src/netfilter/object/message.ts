import { attribute, attributes, padding, type Infer } from '../../schema/attributes.ts';
import type { Codec } from '../../schema/codec.ts';
import { binary, text } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be16, be32, be64, u8 } from '../../schema/numbers.ts';
import { tagged } from '../../schema/tagged.ts';
import { NLA_F_NESTED } from '../../wire/header.ts';
import { connlimit } from '../expressions/connlimit.ts';
import { counter } from '../expressions/counter.ts';
import { limit } from '../expressions/limit.ts';
import { quota } from '../expressions/quota.ts';
import { nfgenmsg } from '../header.ts';
import { userdata } from '../userdata.ts';
import { nftName } from '../verdict.ts';
import { objectType } from './type.ts';

/** A helper of connection tracking: `ftp`. `l3proto` is ETH_P_IP or ETH_P_IPV6. */
const ctHelper = attributes({
  name: attribute('NFTA_CT_HELPER_NAME', 1, text(15)),
  l3proto: attribute('NFTA_CT_HELPER_L3PROTO', 2, be16),
  l4proto: attribute('NFTA_CT_HELPER_L4PROTO', 3, u8),
});

const data = { counter, quota, limit, connlimit, ctHelper } as const;
export type ObjectData = { [K in keyof typeof data]: Infer<(typeof data)[K]> };

export const objectMessage = message('object', nfgenmsg, attributes({
  table: attribute('NFTA_OBJ_TABLE', 1, nftName, { always: true }),
  name: attribute('NFTA_OBJ_NAME', 2, nftName, { always: true }),
  type: attribute('NFTA_OBJ_TYPE', 3, objectType),
  data: attribute('NFTA_OBJ_DATA', 4, tagged('type', data, { ...binary, flags: NLA_F_NESTED } as Codec<Uint8Array>)),
  /** How many rules use it. */
  use: attribute('NFTA_OBJ_USE', 5, be32, { readOnly: true }),
  handle: attribute('NFTA_OBJ_HANDLE', 6, be64),
  userdata: attribute('NFTA_OBJ_USERDATA', 8, userdata(0)),
}, padding('NFTA_OBJ_PAD', 7)));

export type NftObject = Decoded<typeof objectMessage>;
