import { get16, get32, type Memory } from '../../bytes/memory.ts';
import { annotate } from '../../schema/annotate.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { headerSize, NLM_F } from '../../wire/header.ts';
import type { Space } from './state.ts';

/** A request as it arrived, and read. */
export interface Request<T = any> {
  readonly cName: string;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly value: T;
  /** The bytes of its own, header and all. */
  readonly memory: Memory;
  /** The namespace it was sent in. */
  readonly space: Space;
  /** The namespace behind a descriptor. */
  namespace(fd: number): Space;
}

/** Messages of an answer: their type and objects. */
export interface Answer {
  readonly type: number;
  readonly values: readonly object[];
}

/** What a kernel does with a request of one type; what is thrown by `refuse` is the answer then. */
export interface Handler<T = any> {
  /** Whether it takes CAP_NET_ADMIN. */
  readonly changes: boolean;
  run(request: Request<T>): Answer | void;
}

/** Reads the message between `at` and `end`. */
export function readRequest(bytes: Uint8Array, memory: Memory, protocol: Protocol): Pick<Request, 'cName' | 'type' | 'flags' | 'sequence' | 'value' | 'memory'> {
  const type = get16(memory, 4), flags = get16(memory, 6), sequence = get32(memory, 8), known = protocol.messages[type];
  const value = known?.message.decode(memory, headerSize, bytes.length);
  return { cName: known?.cName ?? `message ${type}`, type, flags, sequence, value, memory };
}

export const isDump = ({ flags, cName }: Pick<Request, 'flags' | 'cName'>): boolean => /GET/.test(cName) && (flags & NLM_F.DUMP) === NLM_F.DUMP;

export const has = ({ flags }: Pick<Request, 'flags'>, name: 'CREATE' | 'EXCL' | 'REPLACE' | 'APPEND'): boolean => (flags & NLM_F[name]) !== 0;

/** Where in a request an attribute stands, counted from its header, as NLMSGERR_ATTR_OFFS says it. */
export function offsetOf(memory: Memory, cName: string, protocol: Protocol): number | undefined {
  return annotate(memory, 0, get32(memory, 0), protocol).find((line) => line.cName === cName)?.at;
}
