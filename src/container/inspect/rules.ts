import { formatIp } from '../../bytes/ip.ts';
import { memoryOf } from '../../bytes/memory.ts';
import { protocolNumber } from '../../netfilter/conntrack/protocol.ts';
import type { Expression, ExpressionData, Rule } from '../../netfilter/index.ts';

/** What a rule does to addresses, whoever wrote it. */
export interface NatRule {
  /** `ip nat DOCKER`: family, table, chain. */
  readonly place: string;
  readonly action: 'dnat' | 'snat' | 'masquerade' | 'redirect';
  readonly protocol?: string | undefined;
  /** The port that was asked for. */
  readonly hostPort?: number | undefined;
  readonly hostAddress?: string | undefined;
  /** Where it leads. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** Whose packets: `172.17.0.0/16`. */
  readonly source?: string | undefined;
}

/** What is found out by going through the expressions of a rule. */
interface Facts {
  readonly loaded: Map<number, string>;
  readonly masks: Map<number, Uint8Array>;
  readonly values: Map<number, Uint8Array>;
  protocol?: string;
  hostPort?: number;
  hostAddress?: string;
  source?: string;
  result?: Pick<NatRule, 'action' | 'address' | 'port'>;
}

/** Reads what a rule does, in nf_tables' own expressions and in those of iptables; undefined where it is no NAT. */
export function natRule(rule: Rule): NatRule | undefined {
  const facts: Facts = { loaded: new Map(), masks: new Map(), values: new Map() };
  for (const expression of rule.expressions ?? []) read(expression, facts, String(rule.family));
  const { protocol, hostPort, hostAddress, source, result } = facts;
  return result && { place: `${rule.family} ${rule.table} ${rule.chain}`, protocol, hostPort, hostAddress, source, ...result };
}

function read({ name, data }: Expression, facts: Facts, family: string): void {
  const six = family === 'ip6';
  switch (name) {
    case 'meta': return load(facts, (data as ExpressionData<'meta'>).dreg, String((data as ExpressionData<'meta'>).key));
    case 'payload': {
      const { dreg, base, offset, length } = data as ExpressionData<'payload'>;
      return load(facts, dreg, `${base} ${offset} ${length}`);
    }
    case 'bitwise': {
      const { dreg, mask } = data as ExpressionData<'bitwise'>;
      if (dreg !== undefined && mask?.value) facts.masks.set(dreg, mask.value);
      return;
    }
    case 'immediate': {
      const { dreg, data: value } = data as ExpressionData<'immediate'>;
      if (dreg !== undefined && value?.value) facts.values.set(dreg, value.value);
      return;
    }
    case 'cmp': return compared(data as ExpressionData<'cmp'>, facts, six);
    case 'masq': return done(facts, { action: 'masquerade' });
    case 'redir': return done(facts, { action: 'redirect', port: port(facts, (data as ExpressionData<'redir'>).portMin) });
    case 'nat': {
      const { type, addressMin, portMin } = data as ExpressionData<'nat'>;
      const address = addressMin === undefined ? undefined : facts.values.get(addressMin);
      return done(facts, { action: type === 'snat' ? 'snat' : 'dnat', address: address && text(address), port: port(facts, portMin) });
    }
    case 'match': return matched(data as ExpressionData<'match'>, facts);
    case 'target': return targeted(data as ExpressionData<'target'>, facts, six);
  }
}

const done = (facts: Facts, result: NonNullable<Facts['result']>): void => void (facts.result = result);

function load(facts: Facts, register: number | undefined, what: string): void {
  if (register === undefined) return;
  facts.loaded.set(register, what);
  facts.masks.delete(register);
}

function compared({ sreg, op, data }: ExpressionData<'cmp'>, facts: Facts, six: boolean): void {
  const what = facts.loaded.get(sreg ?? 0), value = data?.value, size = six ? 16 : 4, mask = facts.masks.get(sreg ?? 0);
  if (op !== 'eq' || what === undefined || value === undefined) return;
  if (what === 'l4proto' || what === (six ? 'network 6 1' : 'network 9 1')) facts.protocol = String(protocolNumber.toName(value[0]!));
  else if (what === 'transport 2 2') facts.hostPort = (value[0]! << 8) | value[1]!;
  else if (what.startsWith(`network ${six ? 8 : 12} `)) facts.source = prefix(value, mask, size);
  else if (what.startsWith(`network ${six ? 24 : 16} `)) facts.hostAddress = prefix(value, mask, size);
}

/** A prefix is compared by its first bytes alone where it ends with one of them. */
function prefix(value: Uint8Array, mask: Uint8Array | undefined, size: number): string {
  const bytes = new Uint8Array(size);
  bytes.set(value.subarray(0, size));
  const bits = mask === undefined ? value.length * 8 : [...mask].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  return bits === size * 8 ? text(bytes) : `${text(bytes)}/${bits}`;
}

/** `struct xt_tcp` and `struct xt_udp` begin with the source ports and the destination ports, as the machine has them. */
function matched({ name, info }: ExpressionData<'match'>, facts: Facts): void {
  if (info === undefined || (name !== 'tcp' && name !== 'udp') || info.length < 8) return;
  const [, , from, to] = new Uint16Array(Uint8Array.from(info.subarray(0, 8)).buffer);
  facts.protocol = name;
  if (from === to) facts.hostPort = from!;
}

/** DNAT and SNAT of iptables: `struct nf_nat_range`, or before revision 1 the one of IPv4 alone. */
function targeted({ name, revision = 0, info = new Uint8Array() }: ExpressionData<'target'>, facts: Facts, six: boolean): void {
  if (name === 'MASQUERADE') return done(facts, { action: 'masquerade' });
  const old = revision === 0 && !six, from = old ? 8 : 4, at = old ? 16 : 36;
  if ((name !== 'DNAT' && name !== 'SNAT') || info.length < at + 2) return;
  done(facts, {
    action: name === 'DNAT' ? 'dnat' : 'snat', address: text(info.subarray(from, from + (six ? 16 : 4))),
    port: ((info[at]! << 8) | info[at + 1]!) || undefined,
  });
}

const text = (bytes: Uint8Array): string => formatIp(memoryOf(Uint8Array.from(bytes)), 0, bytes.length);

function port(facts: Facts, register: number | undefined): number | undefined {
  const bytes = register === undefined ? undefined : facts.values.get(register);
  return bytes && (bytes[0]! << 8) | bytes[1]!;
}
