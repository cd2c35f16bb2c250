import { attribute, attributes, padding, within, type Infer, type RawAttribute } from '../../schema/attributes.ts';
import { binary, cstring } from '../../schema/leaves.ts';
import { message, type Decoded, type Encodable } from '../../schema/message.ts';
import { tagged } from '../../schema/tagged.ts';
import type { NamespaceRef } from '../namespace.ts';
import type { FamilySpecs, FamilySpecsInput } from './af/index.ts';
import { common } from './common.ts';
import { ifinfomsg } from './header.ts';
import { linkKinds } from './kinds/index.ts';
import { vlanFlags, type VlanOptions } from './kinds/vlan.ts';
import { portKinds } from './port/index.ts';

/** Options of a kind that has no file of its own: attributes by number. */
const otherOptions = attributes({});

/**
 * What RTM_NEWLINK, RTM_GETLINK and RTM_DELLINK carry. What lies in IFLA_LINKINFO on the wire stands in the link
 * itself; the options of its kind are under `options`, those it has as a port of another link under `port`.
 */
export const linkMessage = message('link', ifinfomsg, attributes({
  ...common,
  ...within('IFLA_LINKINFO', 18, {
    kind: attribute('IFLA_INFO_KIND', 1, cstring),
    options: attribute('IFLA_INFO_DATA', 2, tagged('kind', linkKinds, otherOptions)),
    /** Statistics of the kind's own, as bytes. */
    xstats: attribute('IFLA_INFO_XSTATS', 3, binary, { readOnly: true }),
    portKind: attribute('IFLA_INFO_SLAVE_KIND', 4, cstring),
    port: attribute('IFLA_INFO_SLAVE_DATA', 5, tagged('portKind', portKinds, otherOptions)),
  }),
}, padding('IFLA_PAD', 42)));

/** A VLAN reports its flags only if any is set; a new one has `reorderHdr`, so none of them is worth saying. */
const noVlanFlags = Object.freeze(Object.fromEntries(Object.keys(vlanFlags.names).map((flag) => [flag, false])));

/** The same as the kernel answers it: what it says by silence is said. */
export const linkReport: typeof linkMessage = {
  ...linkMessage,
  decode(m, at, end) {
    const link = linkMessage.decode(m, at, end), options = link.options as VlanOptions | undefined;
    if (link.kind === 'vlan' && options && !options.flags) options.flags = noVlanFlags;
    return link;
  },
};

type Kinds = typeof linkKinds;
type Ports = typeof portKinds;
/** Fields that are written otherwise here than they lie on the wire, or are of no use but inside. */
type Own = 'kind' | 'options' | 'portKind' | 'port' | 'afSpec' | 'protinfo' | 'altname' | 'netnsPid' | 'netnsFd';
type Wire = Omit<Decoded<typeof linkMessage>, Own | 'name'> & Families;
type WireInput = Omit<Encodable<typeof linkMessage>, Own | 'master' | 'link'> & {
  /** What address families are told of the link: `afSpec: { inet6: { addrGenMode: 'none' } }`. */
  afSpec?: FamilySpecsInput | undefined;
};

/** In messages of AF_BRIDGE it is another thing, which the families of operations for bridges read. */
interface Families {
  /** What address families have to say of the link: `afSpec: { inet6: { addrGenMode: 'none' } }`. */
  afSpec?: FamilySpecs | undefined;
}

/**
 * A kind that this library has no names for; its options are attributes by number. The type is spelt so that no kind
 * of ours can be taken for it, and stands for any other word: widen it to `string`, or use `defineKind`.
 */
export type OtherKind = `${string} (of no name here)`;

export interface RawOptions {
  unknown?: readonly RawAttribute[] | undefined;
}

type KindPart =
  | { [K in keyof Kinds]: { kind: K; options?: Infer<Kinds[K]> | undefined } }[keyof Kinds]
  | { kind: OtherKind; options?: RawOptions | undefined }
  | { kind?: undefined; options?: undefined };

type PortPart =
  | { [K in keyof Ports]: { portKind: K; port?: Infer<Ports[K]> | undefined } }[keyof Ports]
  | { portKind: OtherKind; port?: RawOptions | undefined }
  | { portKind?: undefined; port?: undefined };

/** A link as the kernel reports it. `link.kind === 'bridge'` narrows `link.options`. */
export type Link = Wire & { name: string } & KindPart & PortPart;

/** A link of one kind. */
export type LinkOf<K extends keyof Kinds> = Extract<Link, { kind: K }>;

/** A link by its index, its name or altname, or itself. */
export type LinkRef = number | string | { readonly index: number };

type KindInput =
  | { [K in keyof Kinds]: { kind: K; options?: Infer<Kinds[K]> | undefined } }[keyof Kinds]
  | { kind: OtherKind | (string & {}); options?: RawOptions | undefined };

type PortInput =
  | { [K in keyof Ports]: { portKind: K; port?: Infer<Ports[K]> | undefined } }[keyof Ports]
  | { portKind?: OtherKind | (string & {}) | undefined; port?: RawOptions | undefined };

interface Comforts {
  /** Brought up (or down) in the same message: `flags: { up: true }`. */
  up?: boolean | undefined;
  /** The bridge, bond or VRF it becomes a port of; 0 takes it out. */
  master?: LinkRef | undefined;
  /** The link it lies upon. */
  link?: LinkRef | undefined;
  /** The namespace it is made in or moved to. */
  netns?: NamespaceRef | undefined;
}

/** A link to be made. What was listed can be given here. */
export type LinkInput = WireInput & Comforts & KindInput & PortInput;

/** Changes to a link; its kind is only needed beside options. */
export type LinkChange = WireInput & Comforts & (KindInput | { kind?: undefined; options?: undefined }) & PortInput;
