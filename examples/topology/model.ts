/** What a drawing needs to know, and nothing of how it was found out. */
export interface Topology {
  readonly boxes: readonly Box[];
  readonly cables: readonly Cable[];
}

/** A network namespace. */
export interface Box {
  readonly title: string;
  /** Its links in the order they are drawn: the ports of a bridge follow it. */
  readonly links: readonly DrawnLink[];
  /** `default via 172.24.133.254 dev br0` */
  readonly routes: readonly string[];
}

export interface DrawnLink {
  readonly name: string;
  readonly kind: string | undefined;
  readonly up: boolean;
  readonly addresses: readonly string[];
  /** Whether it is a port of the bridge above it. */
  readonly port: boolean;
}

/** A veth pair. */
export interface Cable {
  readonly from: End;
  readonly to: End;
}

/** A link, by its places in `boxes` and in `links`. */
export interface End {
  readonly box: number;
  readonly link: number;
}
