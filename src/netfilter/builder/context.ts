import { EncodeError } from '../../errors.ts';
import type { Exchange } from '../../conversation/operation.ts';
import { protocolNumber } from '../conntrack/protocol.ts';
import type { Expression, ExpressionData, ExpressionName } from '../expressions/index.ts';
import type { Family } from '../header.ts';
import { NFT_REG_1 } from '../register.ts';
import { encodeValue } from '../set/value.ts';

/** Where a rule is to stand. */
export interface Place {
  readonly family: Family;
  readonly table: string;
}

/** One part of a rule as it is written: `tcp dport 80`, `accept`. It writes its expressions. */
export type Statement = (context: Context) => void;

/** A rule while its statements write its expressions. */
export interface Context extends Place {
  readonly expressions: Expression[];
  /** Sets without a name that the rule needs, and their elements. */
  readonly sets: Exchange<unknown>[];
  readonly newId: (() => number) | undefined;
  /** What is known of the packet by now: `tcp`, `ip`. */
  l4proto: string | number | undefined;
  network: string | undefined;
}

/** Writes one expression. */
export function write<K extends ExpressionName>(context: Context, name: K, data: ExpressionData<K>): void {
  context.expressions.push({ name, data } as Expression);
}

/** Compares the first register with bytes. */
export const compare = (context: Context, value: Uint8Array, op: ExpressionData<'cmp'>['op'] = 'eq'): void =>
  write(context, 'cmp', { sreg: NFT_REG_1, op, data: { value } });

/** Sees to it that the rule goes on for packets of one transport protocol alone. */
export function needTransport(
  context: Context, protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite' | 'icmp' | 'icmpv6',
): void {
  if (context.l4proto === protocol) return;
  write(context, 'meta', { key: 'l4proto', dreg: NFT_REG_1 });
  compare(context, Uint8Array.of(protocolNumber.toNumber(protocol)));
  context.l4proto = protocol;
}

/** The same for IPv4 or IPv6: where a table has both, or has frames. */
export function needNetwork(context: Context, protocol: 'ip' | 'ip6'): void {
  const { family } = context;
  if (family === protocol || context.network === protocol) return;
  if (family === 'inet') {
    write(context, 'meta', { key: 'nfproto', dreg: NFT_REG_1 });
    compare(context, Uint8Array.of(protocol === 'ip' ? 2 : 10));
  } else if (family === 'bridge' || family === 'netdev') {
    write(context, 'meta', { key: 'protocol', dreg: NFT_REG_1 });
    compare(context, encodeValue('ether_type', protocol === 'ip' ? 0x0800 : 0x86dd));
  } else {
    throw new EncodeError(`a table of family ${family} never sees ${protocol === 'ip' ? 'IPv4' : 'IPv6'}`);
  }
  context.network = protocol;
}
