import { isSteps, type Exchange, type Operation } from '../../conversation/operation.ts';
import { families as nftFamilies } from '../../netfilter/families.ts';
import { families } from '../../route/families.ts';
import { ownCallNamed } from '../calls.ts';
import type { Call } from './call.ts';
import { resolved } from './link-name.ts';
import { operationOf } from './run.ts';

type Makers = { readonly [family: string]: { readonly [name: string]: (...args: unknown[]) => Operation<unknown> } };

/** The command that does the same as a call; its name where there is none. Nothing is sent. */
export function commandOf({ call, args: given }: Call): string {
  const args = resolved(given, (name) => name, 'container');
  const own = ownCallNamed(call);
  if (own) return own.command(...args);
  const { client, family, name } = operationOf(call);
  const operation = ((client === 'nft' ? nftFamilies : families) as unknown as Makers)[family]![name]!(...args);
  return commanding(operation)?.command?.() ?? call;
}

/** The exchange of an operation that has a command. Steps are told that each link has the index 1. */
function commanding(operation: Operation<unknown>): Exchange<unknown> | undefined {
  if (!isSteps(operation)) return operation;
  for (let step = operation.next(); ; ) {
    const asked = step.value;
    if (step.done) return 'done' in asked ? undefined : asked as Exchange<unknown>;
    if ('command' in asked && asked.command) return asked;
    step = operation.next('namespace' in asked ? 0 : { index: 1, name: '', flags: {} });
  }
}
