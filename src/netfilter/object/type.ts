import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';

/** Sorts of named objects: NFT_OBJECT_ of include/uapi/linux/netfilter/nf_tables.h. */
export const objectType = choice(be32, {
  counter: ['NFT_OBJECT_COUNTER', 1], quota: ['NFT_OBJECT_QUOTA', 2], ctHelper: ['NFT_OBJECT_CT_HELPER', 3],
  limit: ['NFT_OBJECT_LIMIT', 4], connlimit: ['NFT_OBJECT_CONNLIMIT', 5], tunnel: ['NFT_OBJECT_TUNNEL', 6],
  ctTimeout: ['NFT_OBJECT_CT_TIMEOUT', 7], secmark: ['NFT_OBJECT_SECMARK', 8],
  ctExpectation: ['NFT_OBJECT_CT_EXPECT', 9], synproxy: ['NFT_OBJECT_SYNPROXY', 10],
});
