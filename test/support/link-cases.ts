import type { LinkInput } from '../../src/route/link/message.ts';

/** A command of `ip link` and the link that says the same. Link t0 has the index 7, t1 has 8. */
export interface LinkCase {
  readonly line: string;
  readonly ours: LinkInput;
  /** What every kernel refuses it with: `ip` says it all the same. */
  readonly refused?: string;
}

/** What stands before `type` in a command: where the link lies, and what all links have. */
const upon = 'link t0', t0 = 7, t1 = 8;

const kind = (line: string, ours: object, options?: object): LinkCase => {
  const [name] = line.split(' ');
  return { line: `add name k0 type ${line}`, ours: { name: 'k0', kind: name, ...ours, ...(options ? { options } : {}) } as LinkInput };
};
const plain = (name: string): LinkCase => kind(name, {});
const lower = (line: string, options: object): LinkCase => {
  const [name] = line.split(' ');
  return { line: `add ${upon} name k0 type ${line}`, ours: { name: 'k0', kind: name, link: t0, options } as LinkInput };
};

const v4 = { local: '192.0.2.1', remote: '192.0.2.2' }, v6 = { local: 'fc00::1', remote: 'fc00::2' };
const at4 = 'remote 192.0.2.2 local 192.0.2.1', at6 = 'remote fc00::2 local fc00::1';
const key = { key: true }, keys = { iflags: key, oflags: key }, none = {};
/** Encapsulation in UDP, which `ip` always mentions. */
const bare = { encapType: 'none', encapFlags: none, encapSport: 0, encapDport: 0 }, bare6 = { ...bare, encapFlags: { csum6: true } };
const fou = { encapType: 'fou', encapFlags: { csum: true, csum6: true }, encapSport: 1000, encapDport: 5555 };
const inFou = 'encap fou encap-sport 1000 encap-dport 5555 encap-csum encap-udp6-csum';
/** What `ip` says of a tunnel when it is told nothing. */
const tunnel4 = { ttl: 0, tos: 0, pmtudisc: true, ...bare, fwmark: 0 };
const gre4 = { ...tunnel4, iflags: none, oflags: none, ikey: 0, okey: 0 };
const gre6 = { ttl: 64, encapLimit: 4, flowinfo: 0, flags: none, iflags: none, oflags: none, ikey: 0, okey: 0, fwmark: 0, ...bare6 };
const tunnel6 = { ttl: 64, encapLimit: 4, flowinfo: 0, flags: none, fwmark: 0, ...bare6 };

/** Kinds without options of their own. */
const plainCases = ['dummy', 'ifb', 'nlmon', 'team', 'vcan', 'wireguard', 'netdevsim', 'ovpn'].map(plain);

const lowerCases = [
  lower('vlan id 5', { id: 5 }),
  lower('vlan protocol 802.1ad id 4094 reorder_hdr off gvrp on loose_binding on mvrp on ingress-qos-map 1:2 3:4 egress-qos-map 2:3', {
    protocol: '802.1ad', id: 4094, flags: { reorderHdr: false, gvrp: true, looseBinding: true, mvrp: true },
    ingressQos: [{ from: 1, to: 2 }, { from: 3, to: 4 }], egressQos: [{ from: 2, to: 3 }],
  }),
  ...['private', 'vepa', 'bridge'].map((mode) => lower(`macvlan mode ${mode}`, { mode })),
  lower('macvlan mode passthru nopromisc', { mode: 'passthru', flags: { nopromisc: true } }),
  lower('macvlan mode source macaddr set 02:00:00:00:00:01 02:00:00:00:00:02 bcqueuelen 500', {
    mode: 'source', macaddrMode: 'set', macaddrData: ['02:00:00:00:00:01', '02:00:00:00:00:02'], bcQueueLen: 500,
  }),
  lower('macvtap mode bridge', { mode: 'bridge' }),
  lower('ipvlan mode l2 bridge', { mode: 'l2', flags: none }),
  lower('ipvlan mode l3s private', { mode: 'l3s', flags: { private: true } }),
  lower('ipvtap mode l3 vepa', { mode: 'l3', flags: { vepa: true } }),
  lower('macsec port 11 cipher gcm-aes-256 icvlen 16 encrypt on send_sci on end_station off scb off protect on replay on window 5 validate strict encodingsa 2', {
    port: 11, cipherSuite: 0x0080c20001000002n, icvLen: 16, encrypt: true, incSci: true, es: false, scb: false, protect: true,
    replayProtect: true, window: 5, validation: 'strict', encodingSa: 2,
  }),
  lower('macsec sci 0x0102030405060708', { sci: '0102030405060708' }),
  { line: `add ${upon} name k0 type virt_wifi`, ours: { name: 'k0', kind: 'virt_wifi', link: t0 } },
  lower('rmnet mux_id 3', { muxId: 3 }),
  lower('ipoib pkey 0x8001 mode datagram umcast 1', { pkey: 0x8001, mode: 'datagram', umcast: true }),
];

const pairCases = [
  kind('veth peer name p0 address 02:00:00:00:00:0b mtu 1400', {}, { peer: { name: 'p0', address: '02:00:00:00:00:0b', mtu: 1400 } }),
  kind('vxcan peer name p0', {}, { peer: { name: 'p0' } }),
];

const udpCases = [
  kind('vxlan id 5 group 239.1.1.1 dev t0 dstport 4789 srcport 5 10 ttl 3 tos 4 nolearning ageing 60 maxaddress 9 proxy rsc l2miss l3miss noudpcsum', {}, {
    id: 5, group: '239.1.1.1', link: t0, port: 4789, portRange: { low: 5, high: 10 }, ttl: 3, tos: 4, learning: false, ageing: 60, limit: 9,
    proxy: true, rsc: true, l2miss: true, l3miss: true, udpCsum: false,
  }),
  kind('vxlan id 6 remote fc00::1 local fc00::2 flowlabel 0x12345 df set udp6zerocsumtx udp6zerocsumrx gbp remcsumtx remcsumrx', {}, {
    id: 6, group6: 'fc00::1', local6: 'fc00::2', learning: true, label: 0x12345, df: 'set', udpZeroCsum6Tx: true, udpZeroCsum6Rx: true, gbp: true,
    remcsumTx: true, remcsumRx: true,
  }),
  kind('vxlan dstport 99 external vnifilter', {}, { port: 99, collectMetadata: true, vnifilter: true, learning: false }),
  { ...kind('vxlan dstport 98 gpe external ttl inherit', {}, { port: 98, gpe: true, collectMetadata: true, learning: false, ttlInherit: true }), refused: 'EINVAL' },
  kind('geneve id 9 remote 192.0.2.1 ttl 3 tos 4 df set dstport 6082 udpcsum', {}, { id: 9, remote: '192.0.2.1', label: 0, ttl: 3, tos: 4, df: 'set', port: 6082, udpCsum: true }),
  kind('geneve id 16777215 remote fc00::1 flowlabel 0x12345 udp6zerocsumtx noudp6zerocsumrx ttl inherit', {}, {
    id: 0xffffff, remote6: 'fc00::1', ttl: 0, tos: 0, label: 0x12345, udpZeroCsum6Tx: true, udpZeroCsum6Rx: false, ttlInherit: true,
  }),
  kind('geneve external dstport 6083', {}, { id: 0, label: 0, ttl: 0, tos: 0, collectMetadata: true, port: 6083 }),
  kind('geneve id 3 remote 192.0.2.1 innerprotoinherit', {}, { id: 3, remote: '192.0.2.1', label: 0, ttl: 0, tos: 0, innerProtoInherit: true }),
  kind('bareudp dstport 6635 ethertype mpls_uc srcportmin 1000 multiproto', {}, { port: 6635, ethertype: 0x8847, srcportMin: 1000, multiprotoMode: true }),
  kind('amt mode relay local 192.0.2.1 dev t0 relay_port 2268 max_tunnels 5', {}, { mode: 'relay', localIp: '192.0.2.1', link: t0, relayPort: 2268, maxTunnels: 5 }),
  kind('amt mode gateway local 192.0.2.1 dev t0 gateway_port 2269 relay_port 2268 discovery 192.0.2.9', {}, {
    mode: 'gateway', localIp: '192.0.2.1', link: t0, gatewayPort: 2269, relayPort: 2268, discoveryIp: '192.0.2.9',
  }),
  kind('gtp role sgsn hsize 500 restart_count 7', {}, { role: 'sgsn', pdpHashsize: 500, restartCount: 7, createSockets: true }),
];

const tunnelCases = [
  kind(`gre ${at4} ttl 9 tos 0x4 ikey 5 okey 6 icsum iseq ocsum oseq dev t0 fwmark 7`, {}, {
    ...gre4, ...v4, ttl: 9, tos: 4, iflags: { key: true, csum: true, seq: true }, oflags: { key: true, csum: true, seq: true }, ikey: 5, okey: 6, link: t0, fwmark: 7,
  }),
  kind(`gre ${at4} nopmtudisc ignore-df`, {}, { ...gre4, ...v4, pmtudisc: false, ignoreDf: true }),
  kind('gre external', {}, { collectMetadata: true }),
  kind(`gretap ${at4} ttl 9`, {}, { ...gre4, ...v4, ttl: 9 }),
  kind(`gretap ${at4} ${inFou}`, {}, { ...gre4, ...v4, ...fou }),
  kind(`erspan ${at4} key 5 seq erspan_ver 1 erspan 9`, {}, {
    ...gre4, ...v4, iflags: { key: true, seq: true }, oflags: { key: true, seq: true }, ikey: 5, okey: 5, erspanVer: 1, erspanIndex: 9,
  }),
  kind(`erspan ${at4} key 5 seq erspan_ver 2 erspan_dir egress erspan_hwid 0x3f`, {}, {
    ...gre4, ...v4, iflags: { key: true, seq: true }, oflags: { key: true, seq: true }, ikey: 5, okey: 5, erspanVer: 2, erspanDir: 'egress', erspanHwid: 63,
  }),
  kind(`ip6gre ${at6} key 7 hoplimit 9 encaplimit 3 tclass 0x12 flowlabel 0x12345 dev t0`, {}, {
    ...gre6, ...v6, ...keys, ikey: 7, okey: 7, ttl: 9, encapLimit: 3, flowinfo: 0x01212345, link: t0,
  }),
  kind(`ip6gretap ${at6} encaplimit none dscp inherit allow-localremote`, {}, {
    ...gre6, ...v6, flags: { ignEncapLimit: true, rcvDscpCopy: true, allowLocalRemote: true },
  }),
  kind(`ip6erspan ${at6} key 5 seq erspan_ver 1 erspan 9`, {}, {
    ...gre6, ...v6, iflags: { key: true, seq: true }, oflags: { key: true, seq: true }, ikey: 5, okey: 5, erspanVer: 1, erspanIndex: 9,
  }),
  kind(`ipip ${at4} ttl 9 tos 0x4 mode any dev t0 fwmark 7`, {}, { ...tunnel4, ...v4, ttl: 9, tos: 4, proto: 'any', link: t0, fwmark: 7 }),
  kind(`ipip ${at4} ${inFou}`, {}, { ...tunnel4, ...v4, ...fou, proto: 'any', link: 0 }),
  kind('ipip external', {}, { proto: 'any', collectMetadata: true }),
  kind(`sit ${at4} mode any isatap`, {}, { ...tunnel4, ...v4, proto: 'any', link: 0, flags: { isatap: true } }),
  kind('sit local 192.0.2.1 6rd-prefix 2001:db8::/32 6rd-relay_prefix 192.0.0.0/8', {}, {
    ...tunnel4, local: '192.0.2.1', proto: 'any', link: 0, flags: none, '6rdPrefix': '2001:db8::', '6rdPrefixlen': 32, '6rdRelayPrefix': '192.0.0.0', '6rdRelayPrefixlen': 8,
  }),
  kind(`ip6tnl ${at6} mode ipip6 encaplimit 3 hoplimit 9 tclass 0x12 flowlabel 0x12345 dev t0`, {}, {
    ...tunnel6, ...v6, proto: 'ipip6', encapLimit: 3, ttl: 9, flowinfo: 0x01212345, link: t0,
  }),
  kind(`ip6tnl ${at6} mode any encaplimit none tclass inherit flowlabel inherit fwmark inherit`, {}, {
    ...tunnel6, ...v6, proto: 'any', link: 0, flags: { ignEncapLimit: true, useOrigTclass: true, useOrigFlowlabel: true, useOrigFwmark: true },
  }),
  kind(`vti ${at4} ikey 7 okey 8 dev t0 fwmark 9`, {}, { ...v4, ikey: 7, okey: 8, link: t0, fwmark: 9 }),
  kind(`vti6 ${at6} key 7`, {}, { ...v6, ikey: 7, okey: 7, fwmark: 0 }),
  kind('xfrm dev t0 if_id 3', {}, { link: t0, ifId: 3 }),
  kind('xfrm external', {}, { collectMetadata: true }),
];

const masterCases = [
  kind('bond mode 802.3ad miimon 100 updelay 200 downdelay 300 xmit_hash_policy layer3+4 resend_igmp 2 num_grat_arp 3 all_slaves_active 1 min_links 1 lp_interval 5 lacp_rate fast lacp_active off ad_select bandwidth ad_user_port_key 7 ad_actor_sys_prio 9 ad_actor_system 02:00:00:00:00:07', {}, {
    mode: '802.3ad', miimon: 100, updelay: 200, downdelay: 300, xmitHashPolicy: 'layer3+4', resendIgmp: 2, numPeerNotif: 3, allSlavesActive: true,
    minLinks: 1, lpInterval: 5, adLacpRate: 'fast', adLacpActive: false, adSelect: 'bandwidth', adUserPortKey: 7, adActorSysPrio: 9, adActorSystem: '02:00:00:00:00:07',
  }),
  kind('bond mode active-backup arp_interval 100 arp_validate all arp_all_targets all arp_ip_target 192.0.2.1,192.0.2.2 ns_ip6_target fc00::1 primary_reselect better fail_over_mac active arp_missed_max 4', {}, {
    mode: 'active-backup', arpInterval: 100, arpValidate: 'all', arpAllTargets: 'all', arpIpTarget: ['192.0.2.1', '192.0.2.2'], nsIp6Target: ['fc00::1'],
    primaryReselect: 'better', failOverMac: 'active', missedMax: 4,
  }),
  kind('bond mode balance-rr miimon 100 packets_per_slave 4 peer_notify_delay 200', {}, { mode: 'balance-rr', miimon: 100, packetsPerSlave: 4, peerNotifDelay: 200 }),
  kind('bond mode balance-tlb tlb_dynamic_lb 0 xmit_hash_policy vlan+srcmac', {}, { mode: 'balance-tlb', tlbDynamicLb: false, xmitHashPolicy: 'vlan+srcmac' }),
  kind('bridge forward_delay 350 hello_time 100 max_age 1000 ageing_time 12345 stp_state 1 priority 4096 group_fwd_mask 8 group_address 01:80:c2:00:00:04 no_linklocal_learn 1 mcast_snooping 0 mcast_router 2 mcast_query_use_ifaddr 1 mcast_querier 1 mcast_hash_elasticity 16 mcast_hash_max 512 mcast_last_member_count 3 mcast_startup_query_count 4', {}, {
    forwardDelay: 3.5, helloTime: 1, maxAge: 10, ageingTime: 123.45, stpState: 1, priority: 4096, groupFwdMask: 8, groupAddr: '01:80:c2:00:00:04',
    multiBoolopt: { noLinklocalLearn: true }, mcastSnooping: false, mcastRouter: 'perm', mcastQueryUseIfaddr: true, mcastQuerier: true, mcastHashElasticity: 16,
    mcastHashMax: 512, mcastLastMemberCnt: 3, mcastStartupQueryCnt: 4,
  }),
  kind('bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 vlan_stats_enabled 1 vlan_stats_per_port 1', {}, {
    vlanFiltering: true, vlanProtocol: '802.1ad', vlanDefaultPvid: 7, vlanStatsEnabled: true, vlanStatsPerPort: true,
  }),
  kind('bridge mcast_last_member_interval 150 mcast_membership_interval 25000 mcast_querier_interval 25100 mcast_query_interval 12000 mcast_query_response_interval 900 mcast_startup_query_interval 3000 mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2 nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 1', {}, {
    mcastLastMemberIntvl: 1.5, mcastMembershipIntvl: 250, mcastQuerierIntvl: 251, mcastQueryIntvl: 120, mcastQueryResponseIntvl: 9, mcastStartupQueryIntvl: 30,
    mcastStatsEnabled: true, mcastIgmpVersion: 3, mcastMldVersion: 2, nfCallIptables: true, nfCallIp6tables: true, nfCallArptables: true,
  }),
  kind('vrf table 9', {}, { table: 9 }),
  kind('hsr slave1 t0 slave2 t1 supervision 45 version 1', {}, { slave1: t0, slave2: t1, multicastSpec: 45, version: 1 }),
  kind('hsr slave1 t0 slave2 t1 proto 1', {}, { slave1: t0, slave2: t1, protocol: 'prp' }),
  kind('batadv ra BATMAN_V', {}, { algoName: 'BATMAN_V' }),
];

/** A CAN controller or a switch's port is there or not, and `ip link set` sends the same; nobody makes one. */
const hardwareCases = [
  kind('dsa conduit t0', {}, { conduit: t0 }),
  kind('can bitrate 500000 sample-point 0.875 dbitrate 2000000 loopback on listen-only off fd on restart-ms 100', {}, {
    bittiming: { bitrate: 500000, samplePoint: 875 }, dataBittiming: { bitrate: 2000000 }, ctrlmode: { loopback: true, listenOnly: false, fd: true }, restartMs: 100,
  }),
];

/** What every link has, whatever its kind. */
const commonCases: LinkCase[] = [
  {
    line: 'add name k0 mtu 1400 txqueuelen 77 address 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:fe numtxqueues 4 numrxqueues 2 group 9 gso_max_size 30000 gso_max_segs 100 gro_max_size 40000 type dummy',
    ours: {
      name: 'k0', kind: 'dummy', mtu: 1400, txqlen: 77, address: '02:00:00:00:00:01', broadcast: 'ff:ff:ff:ff:ff:fe', numTxQueues: 4, numRxQueues: 2, group: 9,
      gsoMaxSize: 30000, gsoMaxSegs: 100, groMaxSize: 40000,
    },
  },
  { line: 'add name k0 up promisc on allmulticast on multicast off arp off type dummy', ours: { name: 'k0', kind: 'dummy', up: true, flags: { promisc: true, allMulti: true, multicast: false, noArp: true } } },
  { line: 'add name k0 index 42 link-netnsid 3 type dummy', ours: { name: 'k0', kind: 'dummy', index: 42, linkNetnsid: 3 }, refused: 'EINVAL' },
];

export const linkCases: readonly LinkCase[] = [...plainCases, ...lowerCases, ...pairCases, ...udpCases, ...tunnelCases, ...masterCases, ...hardwareCases, ...commonCases];
