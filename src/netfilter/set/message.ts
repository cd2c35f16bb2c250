import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { list } from '../../schema/arrays.ts';
import { flags } from '../../schema/flags.ts';
import { cstring } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { expression, expressionList } from '../expressions/index.ts';
import { nfgenmsg } from '../header.ts';
import { objectType } from '../object/type.ts';
import { userdata } from '../userdata.ts';
import { nftName } from '../verdict.ts';
import { dataType } from './datatype.ts';

/** The length in bytes of one of the joined parts of a key. */
const setField = attributes({ length: attribute('NFTA_SET_FIELD_LEN', 1, be32) });

export const setDescription = attributes({
  /** The most elements that it may have. */
  size: attribute('NFTA_SET_DESC_SIZE', 1, be32),
  fields: attribute('NFTA_SET_DESC_CONCAT', 2, list('NFTA_LIST_ELEM', setField, 1)),
});

export const setMessage = message('set', nfgenmsg, attributes({
  table: attribute('NFTA_SET_TABLE', 1, nftName, { always: true }),
  name: attribute('NFTA_SET_NAME', 2, nftName, { always: true }),
  flags: attribute('NFTA_SET_FLAGS', 3, flags(be32, {
    anonymous: ['NFT_SET_ANONYMOUS', 0x1], constant: ['NFT_SET_CONSTANT', 0x2], interval: ['NFT_SET_INTERVAL', 0x4],
    map: ['NFT_SET_MAP', 0x8], timeout: ['NFT_SET_TIMEOUT', 0x10], dynamic: ['NFT_SET_EVAL', 0x20],
    object: ['NFT_SET_OBJECT', 0x40], concat: ['NFT_SET_CONCAT', 0x80], expression: ['NFT_SET_EXPR', 0x100],
  })),
  /** What its keys are: `ipv4_addr`, `ipv4_addr . inet_service`. */
  keyType: attribute('NFTA_SET_KEY_TYPE', 4, dataType),
  /** Bytes of a key. */
  keyLength: attribute('NFTA_SET_KEY_LEN', 5, be32),
  /** What the values of a map are. */
  dataType: attribute('NFTA_SET_DATA_TYPE', 6, dataType),
  dataLength: attribute('NFTA_SET_DATA_LEN', 7, be32),
  policy: attribute('NFTA_SET_POLICY', 8,
    choice(be32, { performance: ['NFT_SET_POL_PERFORMANCE', 0], memory: ['NFT_SET_POL_MEMORY', 1] })),
  description: attribute('NFTA_SET_DESC', 9, setDescription),
  id: attribute('NFTA_SET_ID', 10, be32),
  /** Milliseconds that an element stays unless it says otherwise. */
  timeout: attribute('NFTA_SET_TIMEOUT', 11, be64),
  /** Milliseconds between two sweeps for elements whose time is over. */
  gcInterval: attribute('NFTA_SET_GC_INTERVAL', 12, be32),
  userdata: attribute('NFTA_SET_USERDATA', 13, userdata(7)),
  /** What sort of objects a map of objects names. */
  objectType: attribute('NFTA_SET_OBJ_TYPE', 15, objectType),
  handle: attribute('NFTA_SET_HANDLE', 16, be64),
  /** An expression that each element has: a counter. */
  expression: attribute('NFTA_SET_EXPR', 17, expression),
  expressions: attribute('NFTA_SET_EXPRESSIONS', 18, expressionList),
  /** How the kernel keeps it: the symbol of its operations, or its address where that is all it tells. */
  backend: attribute('NFTA_SET_TYPE', 19, cstring, { readOnly: true }),
  /** How many elements the kernel counts in it. */
  count: attribute('NFTA_SET_COUNT', 20, be32, { readOnly: true }),
}, padding('NFTA_SET_PAD', 14)));

export type NftSet = Decoded<typeof setMessage>;
