import { attribute, attributes, type Infer } from '../schema/attributes.ts';
import { choice } from '../schema/choice.ts';
import { binary, text } from '../schema/leaves.ts';
import { be32 } from '../schema/numbers.ts';

/** The name of a table, chain, set or object: NFT_NAME_MAXLEN without its NUL. */
export const nftName = text(255);

/** What becomes of a packet: enum nft_verdicts and NF_ of include/uapi/linux/netfilter.h. */
export const verdictCode = choice(be32, {
  drop: ['NF_DROP', 0],
  accept: ['NF_ACCEPT', 1],
  stolen: ['NF_STOLEN', 2],
  queue: ['NF_QUEUE', 3],
  repeat: ['NF_REPEAT', 4],
  return: ['NFT_RETURN', 0xfffffffb],
  goto: ['NFT_GOTO', 0xfffffffc],
  jump: ['NFT_JUMP', 0xfffffffd],
  break: ['NFT_BREAK', 0xfffffffe],
  continue: ['NFT_CONTINUE', 0xffffffff],
});

export const verdict = attributes({
  code: attribute('NFTA_VERDICT_CODE', 1, verdictCode),
  /** Where to: for jump and goto. */
  chain: attribute('NFTA_VERDICT_CHAIN', 2, nftName),
  chainId: attribute('NFTA_VERDICT_CHAIN_ID', 3, be32),
});

/**
 * A value in a register or a set: bytes as they stand in a packet (or, for marks and the like, in memory), or a
 * verdict.
 */
export const data = attributes({
  value: attribute('NFTA_DATA_VALUE', 1, binary),
  verdict: attribute('NFTA_DATA_VERDICT', 2, verdict),
});

export type Verdict = Infer<typeof verdict>;
export type Data = Infer<typeof data>;
