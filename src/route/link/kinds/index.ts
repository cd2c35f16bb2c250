import { later } from '../../../schema/later.ts';
import { amtOptions } from './amt.ts';
import { bareudpOptions } from './bareudp.ts';
import { batadvOptions } from './batadv.ts';
import { bondOptions } from './bond.ts';
import { bridgeOptions } from './bridge.ts';
import { canOptions } from './can.ts';
import { dsaOptions } from './dsa.ts';
import { erspanOptions } from './erspan.ts';
import { geneveOptions } from './geneve.ts';
import { greOptions } from './gre.ts';
import { gtpOptions } from './gtp.ts';
import { hsrOptions } from './hsr.ts';
import { ip6erspanOptions } from './ip6erspan.ts';
import { ip6greOptions } from './ip6gre.ts';
import { ip6tnlOptions } from './ip6tnl.ts';
import { ipipOptions } from './ipip.ts';
import { ipoibOptions } from './ipoib.ts';
import { ipvlanOptions } from './ipvlan.ts';
import { macsecOptions } from './macsec.ts';
import { macvlanOptions } from './macvlan.ts';
import { netkitOptions } from './netkit.ts';
import { ovpnOptions } from './ovpn.ts';
import { plainOptions } from './plain.ts';
import { rmnetOptions } from './rmnet.ts';
import { sitOptions } from './sit.ts';
import { tunOptions } from './tun.ts';
import { vethOptions } from './veth.ts';
import { vlanOptions } from './vlan.ts';
import { vrfOptions } from './vrf.ts';
import { vtiOptions } from './vti.ts';
import { vti6Options } from './vti6.ts';
import { vxcanOptions } from './vxcan.ts';
import { vxlanOptions } from './vxlan.ts';
import { xfrmOptions } from './xfrm.ts';

/**
 * The kinds of links whose options have names. A link of any other kind is read and written just as well: its options
 * are then attributes by number, in `unknown`.
 */
export const linkKinds = later({
  amt: () => amtOptions,
  bareudp: () => bareudpOptions,
  batadv: () => batadvOptions,
  bond: () => bondOptions,
  bridge: () => bridgeOptions,
  can: () => canOptions,
  dsa: () => dsaOptions,
  dummy: () => plainOptions,
  erspan: () => erspanOptions,
  geneve: () => geneveOptions,
  gre: () => greOptions,
  gretap: () => greOptions,
  gtp: () => gtpOptions,
  hsr: () => hsrOptions,
  ifb: () => plainOptions,
  ip6erspan: () => ip6erspanOptions,
  ip6gre: () => ip6greOptions,
  ip6gretap: () => ip6greOptions,
  ip6tnl: () => ip6tnlOptions,
  ipip: () => ipipOptions,
  ipoib: () => ipoibOptions,
  ipvlan: () => ipvlanOptions,
  ipvtap: () => ipvlanOptions,
  macsec: () => macsecOptions,
  macvlan: () => macvlanOptions,
  macvtap: () => macvlanOptions,
  netdevsim: () => plainOptions,
  netkit: () => netkitOptions,
  nlmon: () => plainOptions,
  ovpn: () => ovpnOptions,
  rmnet: () => rmnetOptions,
  sit: () => sitOptions,
  team: () => plainOptions,
  tun: () => tunOptions,
  vcan: () => plainOptions,
  veth: () => vethOptions,
  virt_wifi: () => plainOptions,
  vlan: () => vlanOptions,
  vrf: () => vrfOptions,
  vti: () => vtiOptions,
  vti6: () => vti6Options,
  vxcan: () => vxcanOptions,
  vxlan: () => vxlanOptions,
  wireguard: () => plainOptions,
  xfrm: () => xfrmOptions,
});
