import type { Expression, ExpressionData, Rule } from '../../netfilter/index.ts';
import type { Packet } from './packet.ts';

/** Whether a rule is about a packet. `maybe` where that depends on what is not known. */
export type Matching = 'yes' | 'no' | 'maybe';

/** What a rule does with what it is about: `unknown` is a verdict from a map, or a queue. */
export type Verdict = 'accept' | 'drop' | 'return' | 'none' | 'unknown' | { readonly jump: string } | { readonly goto: string };

/** What is in the registers; undefined where it is not known. */
type Registers = Map<number, Uint8Array | undefined>;

/** IP_CT_ESTABLISHED and IP_CT_NEW as bits: include/uapi/linux/netfilter/nf_conntrack_common.h */
const states = { established: 2, new: 8 } as const;

/** Goes through the expressions of a rule as the kernel would. */
export function judge({ expressions = [] }: Rule, packet: Packet): { readonly matching: Matching; readonly verdict: Verdict } {
  const registers: Registers = new Map();
  let matching: Matching = 'yes', verdict: Verdict = 'none';
  for (const expression of expressions) {
    const found = matches(expression, packet, registers);
    if (found === 'no') return { matching: 'no', verdict: 'none' };
    if (found === 'maybe') matching = 'maybe';
    verdict = verdictOf(expression) ?? verdict;
    if (verdict !== 'none') break;
  }
  return { matching, verdict };
}

function matches({ name, data }: Expression, packet: Packet, registers: Registers): Matching {
  switch (name) {
    case 'meta': {
      const { key, dreg } = data as ExpressionData<'meta'>;
      if (dreg !== undefined) registers.set(dreg, metaOf(String(key), packet));
      return 'yes';
    }
    case 'ct': {
      const { key, dreg } = data as ExpressionData<'ct'>;
      if (dreg !== undefined) registers.set(dreg, key === 'state' ? word(states[packet.state]) : undefined);
      return 'yes';
    }
    case 'bitwise': {
      const { sreg = 0, dreg = 0, mask, xor, op = 'maskXor' } = data as ExpressionData<'bitwise'>, value = registers.get(sreg);
      registers.set(dreg, op === 'maskXor' ? value?.map((byte, i) => (byte & (mask?.value?.[i] ?? 0)) ^ (xor?.value?.[i] ?? 0)) : undefined);
      return 'yes';
    }
    case 'cmp': {
      const { sreg = 0, op, data: other } = data as ExpressionData<'cmp'>, value = registers.get(sreg), wanted = other?.value;
      if (value === undefined || wanted === undefined || (op !== 'eq' && op !== 'neq')) return 'maybe';
      return wanted.every((byte, i) => byte === (value[i] ?? 0)) === (op === 'eq') ? 'yes' : 'no';
    }
    case 'match': return ofIptables(data as ExpressionData<'match'>, packet);
    case 'lookup': return 'maybe';
    case 'counter': case 'log': case 'immediate': case 'target': case 'reject': case 'notrack': case 'objref': return 'yes';
    default: {
      const loads = (data as { dreg?: number } | undefined)?.dreg; // payload, fib, rt, socket, ...
      if (loads !== undefined) registers.set(loads, undefined);
      return loads === undefined ? 'maybe' : 'yes';
    }
  }
}

function metaOf(key: string, packet: Packet): Uint8Array | undefined {
  if (key === 'nfproto' && packet.family !== 'bridge') return Uint8Array.of(packet.family === 'ip' ? 2 : 10);
  const name = ['iifname', 'oifname', 'ibrname', 'obrname'].includes(key) ? packet[key as 'iifname'] : undefined;
  if (name === undefined) return undefined;
  const bytes = new Uint8Array(16); // IFNAMSIZ
  bytes.set(Buffer.from(name));
  return bytes;
}

/** `-m conntrack --ctstate`: match_flags, invert_flags and state_mask of `struct xt_conntrack_mtinfo3`. */
function ofIptables({ name, revision = 0, info }: ExpressionData<'match'>, { state }: Packet): Matching {
  if (name === 'comment') return 'yes';
  if (name !== 'conntrack' || revision < 2 || info === undefined || info.length < 152) return 'maybe';
  const [flags, inverted, mask] = new Uint16Array(Uint8Array.from(info.subarray(146, 152)).buffer);
  if (flags !== 1) return 'maybe'; // XT_CONNTRACK_STATE alone
  return ((mask! & states[state]) !== 0) !== ((inverted! & 1) !== 0) ? 'yes' : 'no';
}

function verdictOf({ name, data }: Expression): Verdict | undefined {
  switch (name) {
    case 'reject': return 'drop';
    case 'queue': return 'unknown';
    case 'lookup': return (data as ExpressionData<'lookup'>).dreg === 0 ? 'unknown' : undefined;
    case 'target': return (data as ExpressionData<'target'>).name === 'REJECT' ? 'drop'
      : (data as ExpressionData<'target'>).name === 'NFQUEUE' ? 'unknown' : undefined;
    case 'immediate': {
      const said = (data as ExpressionData<'immediate'>).data?.verdict;
      if (said === undefined) return undefined;
      const { code, chain = '' } = said;
      if (code === 'accept' || code === 'drop' || code === 'return') return code;
      return code === 'jump' ? { jump: chain } : code === 'goto' ? { goto: chain } : code === 'continue' ? undefined : 'unknown';
    }
    default: return undefined;
  }
}

/** As the machine has it in its memory. */
const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
