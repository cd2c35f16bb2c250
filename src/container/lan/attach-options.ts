import { randomBytes } from 'node:crypto';
import { formatMac } from '../../bytes/hex.ts';
import { ArgumentError } from '../../errors.ts';
import { familyOf } from '../../route/family.ts';
import { networkOf, prefixOf } from '../../route/prefix.ts';
import type { WhenDropped } from '../forward/accept.ts';
import type { Probing } from '../plan/own-arguments.ts';
import type { ContainerRef } from '../target/target.ts';

/** Who gets an address on the LAN, and how. */
export interface AttachOptions {
  readonly container: ContainerRef;
  /** The bridge that the uplink is a port of, as `lan.bridge` makes it; for a veth pair. */
  readonly bridge?: string | undefined;
  /** The uplink itself; for macvlan and ipvlan. */
  readonly parent?: string | undefined;
  /** `veth` with a bridge and `macvlan` with a parent unless given. */
  readonly kind?: 'veth' | 'macvlan' | 'ipvlan' | undefined;
  /** With the prefix length: `192.0.2.7/24`; several, of either family, as an array. */
  readonly address: string | readonly string[];
  /** Becomes the default route; one for each family. */
  readonly gateway?: string | readonly string[] | undefined;
  /** The container's interface; `eth1` unless given. */
  readonly name?: string | undefined;
  /** The VLAN that the container is in: of a bridge that filters VLANs, or of the parent, by a link `PARENT.VLAN`. */
  readonly vlan?: number | undefined;
  /** The container's MAC address; a random one of those for local use unless given. */
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  /** The other end of a veth pair; made from the container unless given. */
  readonly hostLink?: string | undefined;
  /**
   * How it is asked whether somebody has the address: 3 times, 100 ms apart, where RFC 5227 wants a second or two
   * between. False does not ask. IPv6 asks by itself.
   */
  readonly probe?: Partial<Probing> | false | undefined;
  /** What is done where rules of others drop what goes from port to port of the bridge; it fails unless given. */
  readonly whenDropped?: WhenDropped | undefined;
  /** False does without asking the gateway in the end. */
  readonly reach?: boolean | undefined;
}

export interface Wanted {
  readonly addresses: readonly { readonly text: string; readonly ip: string; readonly family: 'inet' | 'inet6' }[];
  readonly gateways: readonly { readonly ip: string; readonly family: 'inet' | 'inet6'; readonly onlink: boolean; readonly from: string }[];
  readonly kind: 'veth' | 'macvlan' | 'ipvlan';
  readonly name: string;
  readonly mac: string;
  readonly probing: Probing | undefined;
}

/** The options, checked before anything is asked. */
export function wantedOf(options: AttachOptions): Wanted {
  const { bridge, parent, kind = bridge === undefined ? 'macvlan' : 'veth', name = 'eth1', probe = {} } = options;
  if ((bridge === undefined) === (parent === undefined)) throw new ArgumentError('lan.attach: either a bridge or a parent');
  if ((kind === 'veth') !== (bridge !== undefined)) throw new ArgumentError(`lan.attach: ${kind} goes with a ${kind === 'veth' ? 'bridge' : 'parent'}`);
  const addresses = [options.address].flat().map((text) => {
    prefixOf(text);
    if (!text.includes('/')) throw new ArgumentError(`lan.attach: the address needs its prefix length, as ${text}/24`);
    const ip = text.replace(/\/.*/, '');
    return { text, ip, family: familyOf(ip) as 'inet' | 'inet6' };
  });
  if (addresses.length === 0) throw new ArgumentError('lan.attach: no address');
  const gateways = [options.gateway ?? []].flat().map((ip) => {
    const family = familyOf(ip) as 'inet' | 'inet6';
    const near = addresses.find(({ text, family: of }) => of === family && networkOf(`${ip}/${text.split('/')[1]}`) === networkOf(text));
    const from = near ?? addresses.find(({ family: of }) => of === family);
    if (!from) throw new ArgumentError(`lan.attach: no address of the family of the gateway ${ip}`);
    return { ip, family, onlink: near === undefined && !ip.toLowerCase().startsWith('fe80:'), from: from.ip };
  });
  return { addresses, gateways, kind, name, mac: options.mac?.toLowerCase() ?? randomMac(0x02), probing: probe === false ? undefined : { count: probe.count ?? 3, interval: probe.interval ?? 100 } };
}

/** A MAC address for local use. A bridge that has none of its own takes the lowest of its ports: the host's ends are high. */
export function randomMac(first: 0x02 | 0xfe): string {
  const bytes = Uint8Array.from([first, ...randomBytes(5)]);
  return formatMac(bytes, 0, 6);
}
