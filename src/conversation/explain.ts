import { Writer } from '../bytes/writer.ts';
import { errnoName } from '../errno.ts';
import { KernelError } from '../errors.ts';
import { fieldAt, missingField, type FoundField } from '../schema/annotate.ts';
import type { Privileges } from '../privileges.ts';
import type { Protocol, Refusal } from '../schema/protocol.ts';
import type { Verdict } from '../wire/control.ts';
import { writeRequest } from './frame.ts';
import type { Exchange } from './operation.ts';

/**
 * The error for a refusal. The kernel points at a byte of the request; the request is written once more, as it was,
 * and read back with its declarations to find which field that byte belongs to.
 */
export function explain(exchange: Exchange<unknown>, verdict: Verdict, protocol: Protocol, privileges: () => Privileges | undefined): KernelError {
  const { offset, missingType } = verdict;
  let found: FoundField | undefined, missing: FoundField | undefined;
  if (offset !== undefined || missingType !== undefined) {
    const w = new Writer();
    writeRequest(w, exchange, 0);
    const end = w.at;
    if (offset !== undefined) found = fieldAt(w.memory, 0, end, offset, exchange.request);
    if (missingType !== undefined) missing = missingField(w.memory, 0, end, missingType, verdict.missingNest, exchange.request);
  }
  const { operation, value } = exchange, { text } = verdict, code = errnoName(verdict.errno);
  return new KernelError({
    operation,
    errno: verdict.errno,
    text,
    field: found?.path || undefined,
    attribute: found?.cName,
    missing: missing && (missing.path ? `${missing.path} (${missing.cName})` : missing.cName),
    hint: protocol.hint?.({ operation, code, text, value: value as Refusal['value'], privileges }),
  });
}

/** What the kernel has to say about a request that succeeded. */
export const warningOf = (exchange: Exchange<unknown>, verdict: Verdict): string | undefined =>
  verdict.text === undefined ? undefined : `${exchange.operation}: the kernel warns "${verdict.text}"`;
