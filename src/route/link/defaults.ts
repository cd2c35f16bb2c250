import type { AttributeSet } from '../../schema/attributes.ts';
import type { Owner } from '../../schema/codec.ts';
import { difference } from './difference.ts';
import type { BondOptions } from './kinds/bond.ts';
import type { BridgeOptions } from './kinds/bridge.ts';
import type { GeneveOptions } from './kinds/geneve.ts';
import { linkKinds } from './kinds/index.ts';
import type { VxlanOptions } from './kinds/vxlan.ts';

/**
 * What a new link of a kind has anyway, where a kernel may refuse to be told so: a bridge without VLANs refuses to
 * have its VLAN options off, a bond refuses the options of other modes than its own, a vxlan takes it for used bits
 * of its header when a checksum is said to be off, a geneve forgets its ttl when that is said not to be inherited.
 * A listed link names them all.
 */
const defaults: {
  readonly bridge: BridgeOptions;
  readonly bond: BondOptions;
  readonly vxlan: VxlanOptions;
  readonly geneve: GeneveOptions;
} = {
  geneve: { ttlInherit: false },
  vxlan: { remcsumTx: false, remcsumRx: false },
  bridge: {
    vlanFiltering: false,
    multiBoolopt: {
      noLinklocalLearn: false,
      mcastVlanSnooping: false,
      mstEnabled: false,
      mdbOffloadFailNotification: false,
      fdbLocalVlan0: false,
    },
  },
  bond: {
    activeSlave: 0,
    miimon: 0,
    updelay: 0,
    downdelay: 0,
    peerNotifDelay: 0,
    useCarrier: true,
    arpInterval: 0,
    arpValidate: 'none',
    arpAllTargets: 'any',
    missedMax: 2,
    primaryReselect: 'always',
    failOverMac: 'none',
    xmitHashPolicy: 'layer2',
    resendIgmp: 1,
    numPeerNotif: 1,
    allSlavesActive: false,
    minLinks: 0,
    lpInterval: 1,
    packetsPerSlave: 1,
    adLacpActive: true,
    adLacpRate: 'slow',
    adSelect: 'stable',
    adActorSysPrio: 65535,
    adUserPortKey: 0,
    adActorSystem: '00:00:00:00:00:00',
    tlbDynamicLb: true,
    coupledControl: true,
    broadcastNeigh: false,
    lacpStrict: false,
  },
};

/** Whether options of a kind may be left out of the message, and with them what is wrong with them. */
export const hasDefaults = (kind: unknown): boolean => Object.hasOwn(defaults, String(kind));

/** A message that makes a link, without the options that it would have all the same. */
export function withoutDefaults(wire: Owner): Owner {
  const kind = wire['kind'] as keyof typeof defaults | 'netkit', options = wire['options'] as Owner | undefined;
  // without a link layer it reports zeros for an address, and takes none
  if (kind === 'netkit' && wire['address'] === '00:00:00:00:00:00') return { ...wire, address: undefined };
  if (options === undefined || kind === 'netkit' || !Object.hasOwn(defaults, kind)) return wire;
  return { ...wire, options: difference(linkKinds[kind] as AttributeSet, options, defaults[kind] as Owner) };
}
