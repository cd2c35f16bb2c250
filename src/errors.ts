import { printable } from './bytes/text.ts';
import { errno, errnoName, errnoText } from './errno.ts';
import { lackText, needsOfCall } from './privileges.ts';

/**
 * Every error of this library. Test `code`: it is the kernel's own spelling (`EEXIST`) where the kernel or a system
 * call refused, and `ERR_...` where we did. The message may be printed whatever names stand in it: what a
 * terminal would obey is escaped.
 */
export class NetlinkError extends Error {
  override name = 'NetlinkError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message.split('\n').map(printable).join('\n'), options);
    this.code = code;
  }
}

/** Facts of a refusal by the kernel. */
export interface KernelFacts {
  /** `link.add` */
  readonly operation: string;
  /** The errno, positive. */
  readonly errno: number;
  /** The kernel's own words (NLMSGERR_ATTR_MSG), if it had any. */
  readonly text?: string | undefined;
  /** The field of the request that the kernel pointed at: `options.peer.name`. */
  readonly field?: string | undefined;
  /** The C name of its attribute: `IFLA_IFNAME`. */
  readonly attribute?: string | undefined;
  /** A field that the kernel missed (NLMSGERR_ATTR_MISS_TYPE). */
  readonly missing?: string | undefined;
  /** What may be done about it. */
  readonly hint?: string | undefined;
}

/**
 * The kernel refused: `link.add failed: EEXIST, File exists`. `code` is the errno's name.
 */
export class KernelError extends NetlinkError {
  override name = 'KernelError';
  readonly operation: string;
  readonly errno: number;
  readonly text: string | undefined;
  readonly field: string | undefined;
  readonly attribute: string | undefined;
  readonly missing: string | undefined;
  readonly hint: string | undefined;

  constructor(facts: KernelFacts) {
    super(errnoName(facts.errno), kernelSentence(facts));
    this.operation = facts.operation;
    this.errno = facts.errno;
    this.text = facts.text;
    this.field = facts.field;
    this.attribute = facts.attribute;
    this.missing = facts.missing;
    this.hint = facts.hint === undefined ? undefined : printable(facts.hint);
  }
}

function kernelSentence(facts: KernelFacts): string {
  const says = facts.text ? `the kernel says "${facts.text}"` : errnoText(facts.errno);
  const about = facts.field ? ` about ${facts.field}${facts.attribute ? ` (${facts.attribute})` : ''}` : '';
  const missing = facts.missing ? `; ${facts.missing} is missing` : '';
  const hint = facts.hint ? `. ${facts.hint}` : '';
  return `${facts.operation} failed: ${errnoName(facts.errno)}, ${says}${about}${missing}${hint}`;
}

/** A system call failed: opening a socket, a namespace file. `code` is the errno's name. */
export class SystemError extends NetlinkError {
  override name = 'SystemError';
  readonly errno: number;
  /** The call: `socket`, `setns`. */
  readonly syscall: string;
  /** What may be done about it. */
  readonly hint: string | undefined;

  /** `result` is what the call returned: the negated errno. */
  constructor(syscall: string, result: number, about = '', options?: ErrorOptions) {
    const hint = -result === errno.EPERM ? lackText(needsOfCall(syscall)) : undefined;
    super(errnoName(-result), `${syscall}${about && ` ${about}`} failed: ${errnoName(-result)}, ${errnoText(-result)}${hint ? `. ${hint}` : ''}`, options);
    this.errno = -result;
    this.syscall = syscall;
    this.hint = hint;
  }
}

/** An argument that cannot be sent, refused before a byte left. `code` is `ERR_ENCODE`. */
export class EncodeError extends NetlinkError {
  override name = 'EncodeError';
  /** Where: `options.peer.name`. */
  readonly field: string;
  /** What is wrong with it, without the field. */
  readonly reason: string;

  constructor(reason: string, field = '') {
    super('ERR_ENCODE', field ? `${field}: ${reason}` : reason);
    this.reason = reason;
    this.field = field;
  }
}

/** `error` with `name` put before its field; anything but an EncodeError is returned as it is. */
export function within(error: unknown, name: string): unknown {
  if (!(error instanceof EncodeError)) return error;
  const rest = error.field;
  const located = new EncodeError(error.reason, rest === '' ? name : rest.startsWith('[') ? name + rest : `${name}.${rest}`);
  if (error.stack) located.stack = error.stack.replace(error.message, () => located.message);
  return located;
}

/** Bytes that are no netlink message. `code` is `ERR_DECODE`. */
export class DecodeError extends NetlinkError {
  override name = 'DecodeError';
  /** Where in the datagram, in bytes. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super('ERR_DECODE', `${reason} at byte ${offset}`);
    this.offset = offset;
  }
}

/** No answer within the deadline. `code` is `ERR_TIMEOUT`. */
export class TimeoutError extends NetlinkError {
  override name = 'TimeoutError';
  constructor(operation: string, milliseconds: number) {
    super('ERR_TIMEOUT', `${operation} had no answer within ${milliseconds} ms`);
  }
}

/** The connection was closed before the answer came, or used after. `code` is `ERR_CLOSED`. */
export class ClosedError extends NetlinkError {
  override name = 'ClosedError';
  constructor(operation: string) {
    super('ERR_CLOSED', `${operation}: the connection is closed`);
  }
}

/** The caller's AbortSignal fired. `code` is `ABORT_ERR`, `name` is `AbortError`, as Node has it; `cause` is the signal's reason. */
export class AbortError extends NetlinkError {
  override name = 'AbortError';
  constructor(operation: string, reason: unknown) {
    super('ABORT_ERR', `${operation} was aborted`, { cause: reason });
  }
}

/** The kernel's data changed under a dump each time it was tried. `code` is `ERR_DUMP_INTERRUPTED`. */
export class DumpInterruptedError extends NetlinkError {
  override name = 'DumpInterruptedError';
  /** What the last try gave: entries may be missing or stand twice. */
  readonly partial: readonly unknown[];
  constructor(operation: string, tries: number, partial: readonly unknown[]) {
    super('ERR_DUMP_INTERRUPTED', `${operation}: the kernel's tables changed during each of ${tries} dumps`);
    this.partial = partial;
  }
}

/** Messages were lost because a receive buffer was full. `code` is `ENOBUFS`. */
export class OverrunError extends NetlinkError {
  override name = 'OverrunError';
  readonly errno = errno.ENOBUFS;
  /** What may be done about it. */
  readonly hint: string;
  constructor(operation: string) {
    const hint = 'A connection that is opened with a larger receiveBuffer holds more';
    super('ENOBUFS', `${operation}: the answer was lost, the receive buffer was full; whether the change was made is not known. ${hint}`);
    this.hint = hint;
  }
}

/** A field that the kernel acknowledged and did not take. */
export interface IgnoredField {
  /** `options.vlanFiltering` */
  readonly field: string;
  readonly wanted: unknown;
  /** What the kernel reports in its place. */
  readonly present: unknown;
}

/** With `verify`: the kernel acknowledged a change and ignored some of it. `code` is `ERR_IGNORED`. What it took is done. */
export class IgnoredError extends NetlinkError {
  override name = 'IgnoredError';
  /** `link.change` */
  readonly operation: string;
  readonly ignored: readonly IgnoredField[];

  constructor(operation: string, ignored: readonly IgnoredField[]) {
    super('ERR_IGNORED', `${operation}: the kernel acknowledged it, and ignored ${ignored.map(({ field }) => field).join(', ')}`);
    this.operation = operation;
    this.ignored = ignored;
  }
}

/** Some requests of a batch failed. `code` is `ERR_BATCH`. */
export class BatchError extends NetlinkError {
  override name = 'BatchError';
  /** The failed ones, by their place in the batch. */
  readonly failures: readonly { readonly index: number; readonly operation: string; readonly error: unknown }[];
  /** The results of all, by place; undefined where a request failed. */
  readonly results: readonly unknown[];

  constructor(failures: BatchError['failures'], results: readonly unknown[]) {
    const [first] = failures;
    const text = first?.error instanceof Error ? first.error.message : String(first?.error);
    super('ERR_BATCH', `${failures.length} of ${results.length} requests failed, the first at ${first?.index}: ${text}`, { cause: first?.error });
    this.failures = failures;
    this.results = results;
  }
}

/** An argument of the wrong sort at the public boundary. `code` is `ERR_ARGUMENT`. */
export class ArgumentError extends NetlinkError {
  override name = 'ArgumentError';
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_ARGUMENT', message, options);
  }
}
