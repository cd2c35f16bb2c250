import type { Where } from './call.ts';
import type { Draft } from './draft.ts';
import { apply, type Applied, type ApplyOptions } from './apply.ts';
import { commandOf } from './command.ts';
import { callText } from './text.ts';

/** A step as it is told before it is done. */
export interface PlannedStep {
  /** Our call: `link.add({ name: 'br0', kind: 'bridge' })`. */
  readonly call: string;
  /** The command that does the same. */
  readonly command: string;
  /** The namespace it is done in. */
  readonly where: Where;
  readonly note?: string | undefined;
}

/** Something that will be done step by step, and can be undone. */
export interface Plan<R> {
  /** What will be done: asks the kernel how things are, and changes nothing. */
  plan(): Promise<readonly PlannedStep[]>;
  /**
   * Does it. Any error, a check that says no, and the death of this process undo it all; so does the lack of a
   * `confirm()` where `confirmWithin` asks for one.
   */
  apply(options?: ApplyOptions): Promise<Applied<R>>;
}

/** A plan from a function that looks at the kernel and says what is to be done; `what` is its name in errors. */
export const makePlan = <R>(what: string, draft: () => Promise<Draft<R>>): Plan<R> => ({
  async plan() {
    const { steps, close } = await draft();
    try { // commands are told by what calls would send: namespaces must be open
      return steps.flatMap((step) => step.calls.map((call) => ({
        call: callText(call.call, call.args), command: commandOf(call), where: call.where, ...(step.note && { note: step.note }),
      })));
    } finally {
      close();
    }
  },
  apply: (options = {}) => apply(what, draft, options),
});
