/** What podman's netavark says to plugins and hears from them, in its own words. `null` is as good as nothing. */

type Maybe<T> = T | null | undefined;

export interface NetavarkSubnet {
  readonly subnet: string;
  readonly gateway?: Maybe<string>;
  readonly lease_range?: Maybe<{ readonly start_ip?: Maybe<string>; readonly end_ip?: Maybe<string> }>;
}

/** A network as podman keeps it. What is not named here is kept. */
export interface NetavarkNetwork {
  readonly name: string;
  readonly id: string;
  readonly driver: string;
  readonly network_interface?: Maybe<string>;
  readonly subnets?: Maybe<readonly NetavarkSubnet[]>;
  readonly routes?: Maybe<readonly { readonly destination: string; readonly gateway: string; readonly metric?: Maybe<number> }[]>;
  readonly internal?: Maybe<boolean>;
  readonly ipv6_enabled?: Maybe<boolean>;
  readonly dns_enabled?: Maybe<boolean>;
  readonly options?: Maybe<Readonly<Record<string, string>>>;
  readonly ipam_options?: Maybe<Readonly<Record<string, string>>>;
}

export interface NetavarkPort {
  readonly container_port: number;
  readonly host_port: number;
  readonly host_ip?: Maybe<string>;
  /** One, or several between commas. */
  readonly protocol?: Maybe<string>;
  /** How many ports, counting up. */
  readonly range?: Maybe<number>;
}

/** What `setup` and `teardown` are asked. */
export interface NetavarkContainer {
  readonly container_id: string;
  readonly container_name?: Maybe<string>;
  readonly port_mappings?: Maybe<readonly NetavarkPort[]>;
  readonly network: NetavarkNetwork;
  readonly network_options: {
    readonly interface_name: string;
    readonly static_ips?: Maybe<readonly string[]>;
    readonly static_mac?: Maybe<string>;
  };
}

/** What `setup` answers. */
export interface NetavarkStatus {
  readonly dns_search_domains: readonly string[];
  readonly dns_server_ips: readonly string[];
  readonly interfaces: { readonly [name: string]: {
    readonly mac_address: string;
    readonly subnets: readonly { readonly ipnet: string; readonly gateway?: string | undefined }[];
  } };
}
