import type { Message } from '../schema/message.ts';
import { protocol, type Protocol } from '../schema/protocol.ts';
import { chainMessage } from './chain/message.ts';
import { conntrackMessage, statisticsMessage } from './conntrack/message.ts';
import { elementMessage } from './element/message.ts';
import { flowtableMessage } from './flowtable/message.ts';
import { batchMessage, generationMessage } from './generation/message.ts';
import { objectMessage } from './object/message.ts';
import { ruleMessage } from './rule/message.ts';
import { setMessage } from './set/message.ts';
import { tableMessage } from './table/message.ts';
import { IPCTNL_MSG_CT, NETLINK_NETFILTER, NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END, NFT_MSG, objectOf } from './types.ts';

const objects: { readonly [word: string]: Message<any, any> } = {
  TABLE: tableMessage, CHAIN: chainMessage, RULE: ruleMessage, SET: setMessage, SETELEM: elementMessage,
  GEN: generationMessage, OBJ: objectMessage, FLOWTABLE: flowtableMessage,
};

const nftables: { [type: number]: Protocol['messages'][number] } = {};
for (const [name, type] of Object.entries(NFT_MSG)) {
  const message = objects[objectOf(type)];
  if (message) nftables[type] = { cName: `NFT_MSG_${name}`, message };
}

/** Every message of NETLINK_NETFILTER that we have declared, by its type. */
export const { messages } = protocol('NETLINK_NETFILTER', NETLINK_NETFILTER, nftables, {
  [NFNL_MSG_BATCH_BEGIN]: { cName: 'NFNL_MSG_BATCH_BEGIN', message: batchMessage },
  [NFNL_MSG_BATCH_END]: { cName: 'NFNL_MSG_BATCH_END', message: batchMessage },
  [IPCTNL_MSG_CT.NEW]: { cName: 'IPCTNL_MSG_CT_NEW', message: conntrackMessage },
  [IPCTNL_MSG_CT.GET]: { cName: 'IPCTNL_MSG_CT_GET', message: conntrackMessage },
  [IPCTNL_MSG_CT.DELETE]: { cName: 'IPCTNL_MSG_CT_DELETE', message: conntrackMessage },
  [IPCTNL_MSG_CT.GET_CTRZERO]: { cName: 'IPCTNL_MSG_CT_GET_CTRZERO', message: conntrackMessage },
  [IPCTNL_MSG_CT.GET_STATS]: { cName: 'IPCTNL_MSG_CT_GET_STATS', message: statisticsMessage },
});
