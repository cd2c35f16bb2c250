import type { Protocol } from '../schema/protocol.ts';
import { protocol } from '../schema/protocol.ts';
import { genericProtocol } from '../generic/protocol.ts';
import { netfilterProtocol } from '../netfilter/protocol.ts';
import { routeProtocol } from '../route/protocol.ts';

const known: readonly Protocol[] = [routeProtocol, netfilterProtocol, genericProtocol];

/** What the messages of a netlink family mean; one that we do not know is shown as bytes. */
export const protocolOf = (number: number): Protocol =>
  known.find((protocol) => protocol.number === number) ?? protocol(`family ${number}`, number);
