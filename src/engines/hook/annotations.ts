import { ArgumentError } from '../../errors.ts';
import type { Port } from '../network/request.ts';

/** Annotations of ours begin with this: `netlink-ts.ips`. */
const prefix = 'netlink-ts.';

const known = ['network', 'ifname', 'ips', 'mac', 'ports'] as const;

/** What a container's annotations say of its network. */
export interface Annotated {
  /** A network's configuration, or the path of a file that has it. */
  readonly network: string | undefined;
  readonly ifname: string | undefined;
  /** Overrides what the configuration has below `runtimeConfig`. */
  readonly runtimeConfig: { readonly ips?: readonly string[]; readonly mac?: string; readonly portMappings?: readonly Port[] };
}

/** Reads the annotations of ours; others are others'. Fails for one that begins with `netlink-ts.` and means nothing. */
export function readAnnotations(annotations: object): Annotated {
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(prefix)).map(([key, value]): [string, string] => [key.slice(prefix.length), value]);
  const strange = own.find(([key]) => !(known as readonly string[]).includes(key));
  if (strange) throw new ArgumentError(`there is no annotation ${prefix}${strange[0]}: ${known.map((key) => prefix + key).join(', ')}`);
  const { network, ifname, ips, mac, ports }: Partial<Record<(typeof known)[number], string>> = Object.fromEntries(own);
  return { network, ifname, runtimeConfig: {
    ...(ips === undefined ? {} : { ips: words(ips) }), ...(mac === undefined ? {} : { mac }),
    ...(ports === undefined ? {} : { portMappings: words(ports).map(readPort) }),
  } };
}

const words = (text: string): string[] => text.split(',').map((word) => word.trim()).filter((word) => word !== '');

/** A port as docker's `-p` has it: `8080:80`, `127.0.0.1:5353:53/udp`, `[::1]:8080:80`. */
export function readPort(text: string): Port {
  const [, hostIP, hostPort, containerPort, protocol = 'tcp'] = /^(?:(\[[^\]]+\]|[^:]+):)?(\d+):(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  if (hostPort === undefined) throw new ArgumentError(`a port is spelled like 8080:80, 127.0.0.1:5353:53/udp or [::1]:8080:80, not ${JSON.stringify(text)}`);
  return {
    hostPort: Number(hostPort), containerPort: Number(containerPort), protocol: protocol as Port['protocol'],
    ...(hostIP === undefined ? {} : { hostIP: hostIP.replace(/^\[|\]$/g, '') }),
  };
}
