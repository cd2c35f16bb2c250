import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32, u8 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

export const ctKey = choice(be32, {
  state: ['NFT_CT_STATE', 0], direction: ['NFT_CT_DIRECTION', 1], status: ['NFT_CT_STATUS', 2],
  mark: ['NFT_CT_MARK', 3], secmark: ['NFT_CT_SECMARK', 4], expiration: ['NFT_CT_EXPIRATION', 5],
  helper: ['NFT_CT_HELPER', 6], l3proto: ['NFT_CT_L3PROTOCOL', 7], src: ['NFT_CT_SRC', 8], dst: ['NFT_CT_DST', 9],
  protocol: ['NFT_CT_PROTOCOL', 10], protoSrc: ['NFT_CT_PROTO_SRC', 11], protoDst: ['NFT_CT_PROTO_DST', 12],
  labels: ['NFT_CT_LABELS', 13], packets: ['NFT_CT_PKTS', 14], bytes: ['NFT_CT_BYTES', 15],
  avgpkt: ['NFT_CT_AVGPKT', 16], zone: ['NFT_CT_ZONE', 17], eventmask: ['NFT_CT_EVENTMASK', 18],
  srcIp: ['NFT_CT_SRC_IP', 19], dstIp: ['NFT_CT_DST_IP', 20],
  srcIp6: ['NFT_CT_SRC_IP6', 21], dstIp6: ['NFT_CT_DST_IP6', 22], id: ['NFT_CT_ID', 23],
});

/** Loads what connection tracking knows of a packet, or with `sreg` sets it. */
export const ct = attributes({
  dreg: attribute('NFTA_CT_DREG', 1, register),
  key: attribute('NFTA_CT_KEY', 2, ctKey),
  direction: attribute('NFTA_CT_DIRECTION', 3,
    choice(u8, { original: ['IP_CT_DIR_ORIGINAL', 0], reply: ['IP_CT_DIR_REPLY', 1] })),
  sreg: attribute('NFTA_CT_SREG', 4, register),
});
