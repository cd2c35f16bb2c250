import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { mac } from '../../../schema/leaves.ts';
import { s32, u16, u32, u8 } from '../../../schema/numbers.ts';

const readOnly = true;

/** drivers/net/bonding: whether LACP keeps losing and finding its partner. */
const churn = choice(u8, {
  monitoring: ['AD_CHURN_MONITOR', 0],
  churned: ['AD_CHURN', 1],
  none: ['AD_NO_CHURN', 2],
});

/** IFLA_BOND_SLAVE_ of include/uapi/linux/if_link.h: a link as a port of a bond. */
export const bondPort = attributes({
  state: attribute('IFLA_BOND_SLAVE_STATE', 1, choice(u8, {
    active: ['BOND_STATE_ACTIVE', 0],
    backup: ['BOND_STATE_BACKUP', 1],
  }), { readOnly }),
  miiStatus: attribute('IFLA_BOND_SLAVE_MII_STATUS', 2, choice(u8, {
    up: ['BOND_LINK_UP', 0],
    fail: ['BOND_LINK_FAIL', 1],
    down: ['BOND_LINK_DOWN', 2],
    back: ['BOND_LINK_BACK', 3],
  }), { readOnly }),
  linkFailureCount: attribute('IFLA_BOND_SLAVE_LINK_FAILURE_COUNT', 3, u32, { readOnly }),
  permHwaddr: attribute('IFLA_BOND_SLAVE_PERM_HWADDR', 4, mac, { readOnly }),
  queueId: attribute('IFLA_BOND_SLAVE_QUEUE_ID', 5, u16),
  adAggregatorId: attribute('IFLA_BOND_SLAVE_AD_AGGREGATOR_ID', 6, u16, { readOnly }),
  adActorOperPortState: attribute('IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE', 7, u8, { readOnly }),
  adPartnerOperPortState: attribute('IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE', 8, u16, { readOnly }),
  prio: attribute('IFLA_BOND_SLAVE_PRIO', 9, s32),
  actorPortPrio: attribute('IFLA_BOND_SLAVE_ACTOR_PORT_PRIO', 10, u16),
  adChurnActorState: attribute('IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE', 11, churn, { readOnly }),
  adChurnPartnerState: attribute('IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE', 12, churn, { readOnly }),
});

/** What `port` holds where `portKind` is 'bond'. */
export type BondPort = Infer<typeof bondPort>;
