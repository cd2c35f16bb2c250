import type { Connection } from './connection.ts';
import { isSteps, type Done, type Exchange, type NamespaceRequest, type Operation, type Steps } from './operation.ts';
import { verified } from './verified.ts';
import { fromHere, type Call, type Pending } from './pending.ts';

/** Runs an operation and promises its result. Nothing is thrown: what is wrong rejects. */
export function run<T>(connection: Connection, operation: Operation<T>, call: Call): Promise<T> {
  try {
    if (call.verify) operation = verified(operation);
    if (isSteps(operation)) return drive(connection, operation, call);
    return connection.outcome(connection.begin(operation, call)) as Promise<T>;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Runs an operation and returns its result, blocking this thread until it is there. */
export function runSync<T>(connection: Connection, operation: Operation<T>, call: Call): T {
  if (call.verify) operation = verified(operation);
  if (!isSteps(operation)) return settledSync(connection, operation, call) as T;
  const namespaces = new Namespaces(connection);
  try {
    const last = beforeLastSync(connection, operation, call, namespaces);
    return 'done' in last ? last.done : (settledSync(connection, last, call) as T);
  } finally {
    namespaces.close();
  }
}

async function drive<T>(connection: Connection, steps: Steps<T>, call: Call): Promise<T> {
  const namespaces = new Namespaces(connection);
  try {
    const first = steps.next(); // where nothing is asked before, the request goes out at once
    const last = first.done ? first.value : await beforeLast(connection, steps, first, call, namespaces);
    return 'done' in last ? last.done : ((await settled(connection, last, call)) as T);
  } finally {
    namespaces.close();
  }
}

/** Runs what an operation asks before its last exchange, and gives that one; for what needs no namespaces. */
export function preludeSync<T>(connection: Connection, operation: Operation<T>, call: Call): Exchange<T> | Done<T> {
  return isSteps(operation) ? beforeLastSync(connection, operation, call, new Namespaces(connection)) : operation;
}

/** The same as a promise. */
export async function prelude<T>(connection: Connection, operation: Operation<T>, call: Call): Promise<Exchange<T> | Done<T>> {
  return isSteps(operation) ? beforeLast(connection, operation, operation.next(), call, new Namespaces(connection)) : operation;
}

function settledSync(connection: Connection, exchange: Exchange<any>, call: Call): unknown {
  const pending = connection.begin(exchange, call);
  if (pending.state === 'waiting') connection.settleSync([pending]);
  return valueOf(pending);
}

async function settled(connection: Connection, exchange: Exchange<any>, call: Call): Promise<unknown> {
  const pending = connection.begin(exchange, call);
  return pending.state === 'done' ? pending.value : await connection.outcome(pending);
}

function beforeLastSync<T>(connection: Connection, steps: Steps<T>, call: Call, namespaces: Namespaces): Exchange<T> | Done<T> {
  let step = steps.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = 'namespace' in step.value ? namespaces.open(step.value) : settledSync(connection, step.value, call);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(value);
  }
  return step.value;
}

async function beforeLast<T>(
  connection: Connection, steps: Steps<T>, first: ReturnType<Steps<T>['next']>, call: Call, namespaces: Namespaces,
): Promise<Exchange<T> | Done<T>> {
  let step = first;
  while (!step.done) {
    let value: unknown;
    try {
      value = 'namespace' in step.value ? namespaces.open(step.value) : await settled(connection, step.value, call);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(value);
  }
  return step.value;
}

/** The value of a settled exchange, or its error thrown. */
export function valueOf(pending: Pending): unknown {
  if (pending.state === 'failed') throw fromHere(pending.value);
  return pending.value;
}

/** Descriptors of the namespaces that an operation speaks of by name: open until it has ended, and no longer. */
export class Namespaces {
  private readonly connection: Connection;
  private fds: number[] | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  open({ namespace }: NamespaceRequest): number {
    const fd = this.connection.transport.openNamespace(namespace);
    (this.fds ??= []).push(fd);
    return fd;
  }

  close(): void {
    if (this.fds !== undefined) for (const fd of this.fds.splice(0)) this.connection.transport.closeNamespace(fd);
  }
}
