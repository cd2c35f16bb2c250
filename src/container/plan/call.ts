import type { CallArgs, Told } from './told.ts';

/** The namespace that a call is made in: the host's, or that of the container the plan is about. */
export type Where = 'host' | 'container';

/**
 * One of our calls in a namespace, as data: `link.add`, `addr.delete` of a route connection, `nft.table.remove` of a
 * netfilter connection, or one of those that plans have besides (`sysctl.set`).
 */
export interface Call {
  readonly where: Where;
  readonly call: string;
  readonly args: readonly unknown[];
  /** Codes of errors that say no more than that there is nothing to do: `EEXIST`. */
  readonly forgive?: readonly string[] | undefined;
}

/** What is done at once. */
export interface Step {
  /** Most often one; several of one place are sent to the kernel together. */
  readonly calls: readonly Call[];
  /**
   * What brings back the state before, in this order. It is written down before the step is done, so it must do no harm
   * where the step was never done, and is not done where the step has failed. Its arguments are plain data.
   */
  readonly undo: readonly Call[];
  /** It may fail half way: it is undone then, too. A single call that the kernel refuses has done nothing otherwise. */
  readonly partial?: boolean | undefined;
  /** What there is to say about it. */
  readonly note?: string | undefined;
}

/** A call with the arguments of the operation of that name: `call('host', 'vlan.add', ['veth1', 10, { pvid: true }])`. */
export const call = <N extends keyof CallArgs>(where: Where, name: N, args: Readonly<Told<CallArgs[N]>>, forgive?: readonly string[]): Call =>
  ({ where, call: name, args: args as unknown as Call['args'], ...(forgive && { forgive }) });

/** A step of one call: `step(call('host', 'link.add', [br0]), [call('host', 'link.remove', ['br0', mac])])`. */
export const step = (one: Call, undo: readonly Call[] = [], note?: string): Step => ({ calls: [one], undo, note });

/** A step of calls that are sent together. */
export const together = (calls: readonly Call[], undo: readonly Call[] = [], note?: string): Step => ({ calls, undo, note });
