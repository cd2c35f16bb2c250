import { attribute, attributes, padding, type Infer } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { list } from '../../schema/arrays.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { expression, expressionList } from '../expressions/index.ts';
import { nfgenmsg } from '../header.ts';
import { userdata } from '../userdata.ts';
import { data, nftName } from '../verdict.ts';

export const element = attributes({
  key: attribute('NFTA_SET_ELEM_KEY', 1, data),
  /** The value of a map. */
  data: attribute('NFTA_SET_ELEM_DATA', 2, data),
  flags: attribute('NFTA_SET_ELEM_FLAGS', 3, flags(be32, {
    /** It ends the interval that the element before it began; it does not belong to it. */
    intervalEnd: ['NFT_SET_ELEM_INTERVAL_END', 0x1],
    catchall: ['NFT_SET_ELEM_CATCHALL', 0x2],
  })),
  /** Milliseconds. */
  timeout: attribute('NFTA_SET_ELEM_TIMEOUT', 4, be64),
  /** Milliseconds that are left of it. */
  expiration: attribute('NFTA_SET_ELEM_EXPIRATION', 5, be64),
  userdata: attribute('NFTA_SET_ELEM_USERDATA', 6, userdata(0)),
  expression: attribute('NFTA_SET_ELEM_EXPR', 7, expression),
  /** The object that it names. */
  object: attribute('NFTA_SET_ELEM_OBJREF', 9, nftName),
  /** The last key of a range, of joined keys. */
  keyEnd: attribute('NFTA_SET_ELEM_KEY_END', 10, data),
  expressions: attribute('NFTA_SET_ELEM_EXPRESSIONS', 11, expressionList),
}, padding('NFTA_SET_ELEM_PAD', 8));

export type Element = Infer<typeof element>;

export const elementMessage = message('element', nfgenmsg, attributes({
  table: attribute('NFTA_SET_ELEM_LIST_TABLE', 1, nftName, { always: true }),
  set: attribute('NFTA_SET_ELEM_LIST_SET', 2, nftName, { always: true }),
  elements: attribute('NFTA_SET_ELEM_LIST_ELEMENTS', 3, list('NFTA_LIST_ELEM', element, 1), { always: true }),
  setId: attribute('NFTA_SET_ELEM_LIST_SET_ID', 4, be32),
}));

export type Elements = Decoded<typeof elementMessage>;
