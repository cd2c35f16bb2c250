import { errno, type ErrnoName } from '../../errno.ts';
import type { Refusal } from './refusal.ts';
import type { Request } from './request.ts';

/** What goes wrong with a request or its answer. */
export type Trouble =
  /** The kernel refuses, with words, the attribute it objects to (`IFLA_MTU`), the number of one it misses. */
  | { readonly refuse: ErrnoName; readonly text?: string | undefined; readonly at?: string | undefined; readonly missing?: number | undefined }
  /** It does what was asked, and has something to say about it. */
  | { readonly warn: string }
  /** It does what was asked, and the answer comes so many milliseconds later. */
  | { readonly late: number }
  /** It does what was asked, and the answer is lost: the receive buffer is full (ENOBUFS). */
  | { readonly lose: true }
  /** It does what was asked, and never answers. */
  | { readonly silent: true }
  /** The table changed while it was dumped: NLM_F_DUMP_INTR. */
  | { readonly interrupt: true }
  /** Another process answers first, from this port, and says that all went well. */
  | { readonly stranger: number }
  /** The answer ends so many bytes early, in the middle of a message. */
  | { readonly truncate: number }
  /** It does what was asked, and who listens to events cannot read those of it, or loses them (ENOBUFS). */
  | { readonly events: 'unreadable' | 'lost' };

/** A trouble, and which requests have it. */
export type Fault = Trouble & {
  /** The message: `RTM_NEWLINK`; any, unless given. */
  readonly on?: string | readonly string[] | undefined;
  /** How many such requests go well before; 0. */
  readonly after?: number | undefined;
  /** How many have the trouble; 1. Infinity for all. */
  readonly times?: number | undefined;
};

/** Faults that are waiting for their requests. */
export interface Faults {
  add(...faults: readonly Fault[]): void;
  /** The troubles of a request; what has had its times is forgotten. */
  of(request: Pick<Request, 'cName'>): Trouble[];
}

export function faults(): Faults {
  let waiting: { fault: Fault; after: number; times: number }[] = [];
  return {
    add: (...added) => void waiting.push(...added.map((fault) => ({ fault, after: fault.after ?? 0, times: fault.times ?? 1 }))),
    of({ cName }) {
      const found = waiting.filter(({ fault: { on = cName } }) => (typeof on === 'string' ? on === cName : on.includes(cName)));
      const now = found.filter((one) => one.after-- <= 0);
      for (const one of now) one.times--;
      waiting = waiting.filter(({ times }) => times > 0);
      return now.map(({ fault }) => fault);
    },
  };
}

export const refusalOf = (troubles: readonly Trouble[]): Refusal | undefined => {
  const found = troubles.find((trouble) => 'refuse' in trouble);
  return found && { ...found, errno: errno[found.refuse] };
};
