import { be32 } from '../schema/numbers.ts';

/**
 * A register of a rule: where an expression puts what it loads, and the next takes what it compares. 0 is the verdict,
 * 1 to 4 have 16 bytes each; 8 to 23 are the same memory in pieces of 4.
 */
export const register = be32;

export const NFT_REG_VERDICT = 0;
export const NFT_REG_1 = 1;
export const NFT_REG32_00 = 8;

/** Bytes of the registers 1 to 4. */
export const registerSize = 16;

/** The register that begins so many bytes behind the first: where it has two numbers, the shorter one, as nft has it. */
export const registerAt = (bytes: number): number =>
  (bytes % registerSize === 0 ? NFT_REG_1 + bytes / registerSize : NFT_REG32_00 + bytes / 4);
