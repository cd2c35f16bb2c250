import { errno, type ErrnoName } from '../../errno.ts';

/** What the kernel says when it refuses: an errno and, in its extended acknowledgement, words and a place. */
export interface Refusal {
  readonly errno: number;
  /** NLMSGERR_ATTR_MSG */
  readonly text?: string | undefined;
  /** The attribute that NLMSGERR_ATTR_OFFS points at, by its C name. */
  readonly at?: string | undefined;
  /** The number for NLMSGERR_ATTR_MISS_TYPE. */
  readonly missing?: number | undefined;
}

const mark = Symbol('refusal');

/** Ends the handling of a request with an error. */
export function refuse(name: ErrnoName, text?: string, at?: string): never {
  throw { [mark]: true, errno: errno[name], text, at } satisfies Refusal & { [mark]: true };
}

/** Whether what was thrown is a refusal. */
export const isRefusal = (thrown: unknown): thrown is Refusal => typeof thrown === 'object' && thrown !== null && mark in thrown;
