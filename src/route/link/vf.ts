import { formatMac, parseMac } from '../../bytes/hex.ts';
import { get32 } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { list } from '../../schema/arrays.ts';
import { attribute, attributes, padding, type Infer } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { cstring, octets } from '../../schema/leaves.ts';
import { bool32, u16, u32, u64, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { vlanProtocol } from './vlan-protocol.ts';

/** An address in the 32 bytes that MAX_ADDR_LEN reserves: six of them, or twenty where InfiniBand fills them. */
const paddedMac: Codec<string> = {
  label: 'link-layer address',
  size: 32,
  read: (m, at) =>
    formatMac(m.bytes, at, m.bytes.subarray(at + 6, at + 20).some((byte) => byte !== 0) ? at + 20 : at + 6),
  write(w, value) {
    const bytes = typeof value === 'string' ? parseMac(value) : undefined;
    if (!bytes || (bytes.length !== 6 && bytes.length !== 20))
      throw new EncodeError(`must be a link-layer address like 02:42:ac:11:00:02, got ${show(value)}`);
    const at = w.take(32);
    w.memory.bytes.set(bytes, at);
  },
};

/** Null where the driver has no such setting: the kernel says -1 then, and `ip` nothing. */
const ifAny: Codec<boolean | null> = {
  label: bool32.label, size: 4,
  read: (m, at, end, owner, base) => (get32(m, at) === none ? null : bool32.read(m, at, end, owner, base)),
  write: (w, value, owner, base) => (value === null ? u32.write(w, none, owner, base) : bool32.write(w, value, owner, base)),
};
const none = 0xffffffff;

const vf = field('vf', 0, u32);
const setting = (cName: string) => struct(cName, 8, { vf, setting: field('setting', 4, ifAny) });
const guid = struct('ifla_vf_guid', 16, { vf, guid: field('guid', 8, u64) });

/** IFLA_VF_STATS_ of include/uapi/linux/if_link.h. */
const vfStats = attributes({
  rxPackets: attribute('IFLA_VF_STATS_RX_PACKETS', 0, u64),
  txPackets: attribute('IFLA_VF_STATS_TX_PACKETS', 1, u64),
  rxBytes: attribute('IFLA_VF_STATS_RX_BYTES', 2, u64),
  txBytes: attribute('IFLA_VF_STATS_TX_BYTES', 3, u64),
  broadcast: attribute('IFLA_VF_STATS_BROADCAST', 4, u64),
  multicast: attribute('IFLA_VF_STATS_MULTICAST', 5, u64),
  rxDropped: attribute('IFLA_VF_STATS_RX_DROPPED', 7, u64),
  txDropped: attribute('IFLA_VF_STATS_TX_DROPPED', 8, u64),
}, padding('IFLA_VF_STATS_PAD', 6));

/**
 * IFLA_VF_ of include/uapi/linux/if_link.h: one virtual function of a device. Each of its settings names it by number
 * once more, in `vf`. Rates are megabits per second, 0 for no limit.
 */
const vfInfo = attributes({
  mac: attribute('IFLA_VF_MAC', 1, struct('ifla_vf_mac', 36, { vf, mac: field('mac', 4, paddedMac) })),
  vlan: attribute('IFLA_VF_VLAN', 2, struct('ifla_vf_vlan', 12, {
    vf, vlan: field('vlan', 4, u32), qos: field('qos', 8, u32),
  })),
  txRate: attribute('IFLA_VF_TX_RATE', 3, struct('ifla_vf_tx_rate', 8, { vf, rate: field('rate', 4, u32) })),
  spoofchk: attribute('IFLA_VF_SPOOFCHK', 4, setting('ifla_vf_spoofchk')),
  linkState: attribute('IFLA_VF_LINK_STATE', 5, struct('ifla_vf_link_state', 8, {
    vf,
    linkState: field('link_state', 4, choice(u32, {
      auto: ['IFLA_VF_LINK_STATE_AUTO', 0],
      enable: ['IFLA_VF_LINK_STATE_ENABLE', 1],
      disable: ['IFLA_VF_LINK_STATE_DISABLE', 2],
    })),
  })),
  rate: attribute('IFLA_VF_RATE', 6, struct('ifla_vf_rate', 12, {
    vf, minTxRate: field('min_tx_rate', 4, u32), maxTxRate: field('max_tx_rate', 8, u32),
  })),
  rssQueryEn: attribute('IFLA_VF_RSS_QUERY_EN', 7, setting('ifla_vf_rss_query_en')),
  stats: attribute('IFLA_VF_STATS', 8, vfStats, { readOnly: true }),
  trust: attribute('IFLA_VF_TRUST', 9, setting('ifla_vf_trust')),
  ibNodeGuid: attribute('IFLA_VF_IB_NODE_GUID', 10, guid),
  ibPortGuid: attribute('IFLA_VF_IB_PORT_GUID', 11, guid),
  vlanList: attribute('IFLA_VF_VLAN_LIST', 12, list('IFLA_VF_VLAN_INFO', struct('ifla_vf_vlan_info', 16, {
    vf, vlan: field('vlan', 4, u32), qos: field('qos', 8, u32), vlanProto: field('vlan_proto', 12, vlanProtocol),
  }), 1)),
  broadcast: attribute('IFLA_VF_BROADCAST', 13, paddedMac, { readOnly: true }),
});

/** IFLA_VFINFO_LIST: the virtual functions of a device. */
export const vfinfoList = list('IFLA_VF_INFO', vfInfo, 1);

export type VfInfo = Infer<typeof vfInfo>;

/** PORT_REQUEST_ of include/uapi/linux/if_link.h. */
const portRequest = choice(u8, {
  preassociate: ['PORT_REQUEST_PREASSOCIATE', 0],
  preassociateRr: ['PORT_REQUEST_PREASSOCIATE_RR', 1],
  associate: ['PORT_REQUEST_ASSOCIATE', 2],
  disassociate: ['PORT_REQUEST_DISASSOCIATE', 3],
});

/** IFLA_PORT_ of include/uapi/linux/if_link.h: the port profile of a virtual function, IEEE 802.1Qbg. */
export const portProfile = attributes({
  vf: attribute('IFLA_PORT_VF', 1, u32),
  profile: attribute('IFLA_PORT_PROFILE', 2, cstring),
  vsiType: attribute('IFLA_PORT_VSI_TYPE', 3, octets(8)),
  instanceUuid: attribute('IFLA_PORT_INSTANCE_UUID', 4, octets(16)),
  hostUuid: attribute('IFLA_PORT_HOST_UUID', 5, octets(16)),
  request: attribute('IFLA_PORT_REQUEST', 6, portRequest),
  response: attribute('IFLA_PORT_RESPONSE', 7, u16, { readOnly: true }),
});

/** IFLA_VF_PORTS: the port profiles of all virtual functions. */
export const vfPorts = list('IFLA_VF_PORT', portProfile, 1);
