import { list } from '../../../schema/arrays.ts';
import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { ipv4, ipv6, mac6 } from '../../../schema/leaves.ts';
import { bool8, u16, u32, u8 } from '../../../schema/numbers.ts';

const adInfo = attributes({
  aggregator: attribute('IFLA_BOND_AD_INFO_AGGREGATOR', 1, u16),
  numPorts: attribute('IFLA_BOND_AD_INFO_NUM_PORTS', 2, u16),
  actorKey: attribute('IFLA_BOND_AD_INFO_ACTOR_KEY', 3, u16),
  partnerKey: attribute('IFLA_BOND_AD_INFO_PARTNER_KEY', 4, u16),
  partnerMac: attribute('IFLA_BOND_AD_INFO_PARTNER_MAC', 5, mac6),
});

/**
 * IFLA_BOND_ of include/uapi/linux/if_link.h. `miimon`, the delays and `arpInterval` are milliseconds, `lpInterval`
 * is seconds. `activeSlave` and `primary` are indexes of links, 0 for none.
 */
export const bondOptions = attributes({
  mode: attribute('IFLA_BOND_MODE', 1, choice(u8, {
    'balance-rr': ['BOND_MODE_ROUNDROBIN', 0],
    'active-backup': ['BOND_MODE_ACTIVEBACKUP', 1],
    'balance-xor': ['BOND_MODE_XOR', 2],
    broadcast: ['BOND_MODE_BROADCAST', 3],
    '802.3ad': ['BOND_MODE_8023AD', 4],
    'balance-tlb': ['BOND_MODE_TLB', 5],
    'balance-alb': ['BOND_MODE_ALB', 6],
  })),
  activeSlave: attribute('IFLA_BOND_ACTIVE_SLAVE', 2, u32),
  miimon: attribute('IFLA_BOND_MIIMON', 3, u32),
  updelay: attribute('IFLA_BOND_UPDELAY', 4, u32),
  downdelay: attribute('IFLA_BOND_DOWNDELAY', 5, u32),
  useCarrier: attribute('IFLA_BOND_USE_CARRIER', 6, bool8),
  arpInterval: attribute('IFLA_BOND_ARP_INTERVAL', 7, u32),
  arpIpTarget: attribute('IFLA_BOND_ARP_IP_TARGET', 8, list('ARP_IP_TARGET', ipv4)),
  arpValidate: attribute('IFLA_BOND_ARP_VALIDATE', 9, choice(u32, {
    none: ['BOND_ARP_VALIDATE_NONE', 0],
    active: ['BOND_ARP_VALIDATE_ACTIVE', 1],
    backup: ['BOND_ARP_VALIDATE_BACKUP', 2],
    all: ['BOND_ARP_VALIDATE_ALL', 3],
    filter: ['BOND_ARP_FILTER', 4],
    filterActive: ['BOND_ARP_FILTER_ACTIVE', 5],
    filterBackup: ['BOND_ARP_FILTER_BACKUP', 6],
  })),
  arpAllTargets: attribute('IFLA_BOND_ARP_ALL_TARGETS', 10, choice(u32, {
    any: ['BOND_ARP_TARGETS_ANY', 0],
    all: ['BOND_ARP_TARGETS_ALL', 1],
  })),
  primary: attribute('IFLA_BOND_PRIMARY', 11, u32),
  primaryReselect: attribute('IFLA_BOND_PRIMARY_RESELECT', 12, choice(u8, {
    always: ['BOND_PRI_RESELECT_ALWAYS', 0],
    better: ['BOND_PRI_RESELECT_BETTER', 1],
    failure: ['BOND_PRI_RESELECT_FAILURE', 2],
  })),
  failOverMac: attribute('IFLA_BOND_FAIL_OVER_MAC', 13, choice(u8, {
    none: ['BOND_FOM_NONE', 0],
    active: ['BOND_FOM_ACTIVE', 1],
    follow: ['BOND_FOM_FOLLOW', 2],
  })),
  xmitHashPolicy: attribute('IFLA_BOND_XMIT_HASH_POLICY', 14, choice(u8, {
    layer2: ['BOND_XMIT_POLICY_LAYER2', 0],
    'layer3+4': ['BOND_XMIT_POLICY_LAYER34', 1],
    'layer2+3': ['BOND_XMIT_POLICY_LAYER23', 2],
    'encap2+3': ['BOND_XMIT_POLICY_ENCAP23', 3],
    'encap3+4': ['BOND_XMIT_POLICY_ENCAP34', 4],
    'vlan+srcmac': ['BOND_XMIT_POLICY_VLAN_SRCMAC', 5],
  })),
  resendIgmp: attribute('IFLA_BOND_RESEND_IGMP', 15, u32),
  numPeerNotif: attribute('IFLA_BOND_NUM_PEER_NOTIF', 16, u8),
  allSlavesActive: attribute('IFLA_BOND_ALL_SLAVES_ACTIVE', 17, bool8),
  minLinks: attribute('IFLA_BOND_MIN_LINKS', 18, u32),
  lpInterval: attribute('IFLA_BOND_LP_INTERVAL', 19, u32),
  packetsPerSlave: attribute('IFLA_BOND_PACKETS_PER_SLAVE', 20, u32),
  adLacpRate: attribute('IFLA_BOND_AD_LACP_RATE', 21, choice(u8, {
    slow: ['AD_LACP_SLOW', 0],
    fast: ['AD_LACP_FAST', 1],
  })),
  adSelect: attribute('IFLA_BOND_AD_SELECT', 22, choice(u8, {
    stable: ['BOND_AD_STABLE', 0],
    bandwidth: ['BOND_AD_BANDWIDTH', 1],
    count: ['BOND_AD_COUNT', 2],
    actorPortPrio: ['BOND_AD_PRIO', 3],
  })),
  adInfo: attribute('IFLA_BOND_AD_INFO', 23, adInfo, { readOnly: true }),
  adActorSysPrio: attribute('IFLA_BOND_AD_ACTOR_SYS_PRIO', 24, u16),
  adUserPortKey: attribute('IFLA_BOND_AD_USER_PORT_KEY', 25, u16),
  adActorSystem: attribute('IFLA_BOND_AD_ACTOR_SYSTEM', 26, mac6),
  tlbDynamicLb: attribute('IFLA_BOND_TLB_DYNAMIC_LB', 27, bool8),
  peerNotifDelay: attribute('IFLA_BOND_PEER_NOTIF_DELAY', 28, u32),
  adLacpActive: attribute('IFLA_BOND_AD_LACP_ACTIVE', 29, bool8),
  missedMax: attribute('IFLA_BOND_MISSED_MAX', 30, u8),
  nsIp6Target: attribute('IFLA_BOND_NS_IP6_TARGET', 31, list('NS_IP6_TARGET', ipv6)),
  coupledControl: attribute('IFLA_BOND_COUPLED_CONTROL', 32, bool8),
  broadcastNeigh: attribute('IFLA_BOND_BROADCAST_NEIGH', 33, bool8),
  lacpStrict: attribute('IFLA_BOND_LACP_STRICT', 34, bool8),
});

/** What `options` holds where `kind` is 'bond'. */
export type BondOptions = Infer<typeof bondOptions>;
