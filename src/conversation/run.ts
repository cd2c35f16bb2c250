import type { Connection } from './connection.ts';
import { isSteps, type Exchange, type NamespaceRequest, type Operation, type Steps } from './operation.ts';
import { fromHere, type Call, type Pending } from './pending.ts';

/** Runs an operation and promises its result. Nothing is thrown: what is wrong rejects. */
export function run<T>(connection: Connection, operation: Operation<T>, call: Call): Promise<T> {
  try {
    if (isSteps(operation)) return drive(connection, operation, call);
    return connection.outcome(connection.begin(operation, call)) as Promise<T>;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Runs an operation and returns its result, blocking this thread until it is there. */
export function runSync<T>(connection: Connection, operation: Operation<T>, call: Call): T {
  const settled = (exchange: Exchange<any>): unknown => {
    const pending = connection.begin(exchange, call);
    connection.settleSync([pending]);
    return valueOf(pending);
  };
  if (!isSteps(operation)) return settled(operation) as T;
  const namespaces = new Namespaces(connection);
  try {
    let step = operation.next();
    while (!step.done) {
      let value: unknown;
      try {
        value = 'namespace' in step.value ? namespaces.open(step.value) : settled(step.value);
      } catch (error) {
        step = operation.throw(error);
        continue;
      }
      step = operation.next(value);
    }
    return 'done' in step.value ? step.value.done : (settled(step.value) as T);
  } finally {
    namespaces.close();
  }
}

async function drive<T>(connection: Connection, steps: Steps<T>, call: Call): Promise<T> {
  const namespaces = new Namespaces(connection);
  const settled = async (exchange: Exchange<any>): Promise<unknown> => {
    const pending = connection.begin(exchange, call);
    return pending.state === 'done' ? pending.value : await connection.outcome(pending);
  };
  try {
    let step = steps.next();
    while (!step.done) {
      let value: unknown;
      try {
        value = 'namespace' in step.value ? namespaces.open(step.value) : await settled(step.value);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(value);
    }
    return 'done' in step.value ? step.value.done : ((await settled(step.value)) as T);
  } finally {
    namespaces.close();
  }
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
    for (const fd of this.fds?.splice(0) ?? []) this.connection.transport.closeNamespace(fd);
  }
}
