import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64 } from '../../schema/numbers.ts';
import { expressionList } from '../expressions/index.ts';
import { nfgenmsg } from '../header.ts';
import { userdata } from '../userdata.ts';
import { nftName } from '../verdict.ts';

/** What rules made of iptables' matches need to be made anew; the kernel takes it and never tells it. */
export const compat = attributes({
  proto: attribute('NFTA_RULE_COMPAT_PROTO', 1, be32),
  flags: attribute('NFTA_RULE_COMPAT_FLAGS', 2, flags(be32, { invert: ['NFT_RULE_COMPAT_F_INV', 0x2] })),
});

export const ruleMessage = message('rule', nfgenmsg, attributes({
  table: attribute('NFTA_RULE_TABLE', 1, nftName, { always: true }),
  chain: attribute('NFTA_RULE_CHAIN', 2, nftName, { always: true }),
  handle: attribute('NFTA_RULE_HANDLE', 3, be64),
  /** Newer kernels leave them out where they tell that a rule was deleted. */
  expressions: attribute('NFTA_RULE_EXPRESSIONS', 4, expressionList, { always: true }),
  compat: attribute('NFTA_RULE_COMPAT', 5, compat),
  /** The handle of the rule before it. */
  position: attribute('NFTA_RULE_POSITION', 6, be64),
  userdata: attribute('NFTA_RULE_USERDATA', 7, userdata(0)),
  id: attribute('NFTA_RULE_ID', 9, be32),
  positionId: attribute('NFTA_RULE_POSITION_ID', 10, be32),
  chainId: attribute('NFTA_RULE_CHAIN_ID', 11, be32),
}, padding('NFTA_RULE_PAD', 8)));

export type Rule = Decoded<typeof ruleMessage>;
