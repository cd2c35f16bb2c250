import type { Host } from '../host.ts';
import type { Target } from '../target/target.ts';
import type { Step, Where } from './call.ts';

/** The namespaces of a plan. */
export type Places = { readonly host: Host } & { readonly [K in Exclude<Where, 'host'>]?: Host | undefined };

/** What a plan comes to when it has looked at the kernel. */
export interface Draft<R> {
  /** Where its steps take place; `container` is closed with the draft. */
  readonly places: Places;
  readonly steps: readonly Step[];
  /** The plan's result, from what its calls resulted in: step by step, call by call. */
  result(values: readonly (readonly unknown[])[]): R | Promise<R>;
  /**
   * Whether the container that was meant is still the one that is there: asked before the first step. Throws if not.
   */
  verify?(): void | Promise<void>;
  /** The container once more, when the draft is closed; undefined where it is gone or another. */
  reopen?(): Promise<Target | undefined>;
  close(): void;
}
