import type { Operations } from './bind.ts';
import type { Operation } from './operation.ts';
import { withViews } from './views.ts';

/** Families of operations by name. */
export type Families = { readonly [family: string]: Operations };

/** A function that makes operations, which does nothing else. */
export type Maker = (...parameters: any[]) => Operation<any>;

/** What becomes of operations: they are run, or noted in a batch. */
export interface Running {
  one(make: Maker, parameters: readonly unknown[]): unknown;
  /** It is used once, as a batch is: what was made is kept beside the object, for to define a property of its own takes V8 longer than what the property does. */
  readonly once?: boolean;
  /** What becomes of a list that is wanted in chunks; a batch has none. */
  stream?(list: () => Operation<unknown[]>): unknown;
}

/** Families as `client` takes them. */
export interface Bindable<F extends Families> {
  new (running: Running): object;
  /** Only for types. */
  readonly families?: F;
}

/**
 * A class whose objects have families of operations that run as the object says. Clients and batches are made often, and
 * few programs use many of the two hundred operations: to bind all of a family takes V8 longer than the kernel needs for
 * a request. So families and operations are bound when they are asked for.
 */
export function bindable<F extends Families>(families: F): Bindable<F> {
  const classes = new Map<string, new (running: Running) => object>();
  return lazily(Object.keys(families), (family, running) => {
    let bound = classes.get(family);
    if (bound === undefined) classes.set(family, bound = ofOperations(withViews(family, families[family]!)));
    return new bound(running);
  });
}

function ofOperations(operations: Operations): new (running: Running) => object {
  const makers = new Map(Object.entries(operations).filter((entry): entry is [string, Maker] => typeof entry[1] === 'function'));
  const list = makers.get('list');
  return lazily([...makers.keys(), ...(list ? ['stream'] : [])], (name, running) => {
    const make = makers.get(name);
    if (make !== undefined) return (...parameters: unknown[]) => running.one(make, parameters);
    return running.stream && ((...parameters: unknown[]) => running.stream!(() => list!(...parameters)));
  });
}

/** A class whose objects make each property of what they are given when it is first asked for. It is the object's own then, and may be mocked. */
function lazily(names: readonly string[], make: (name: string, running: Running) => unknown): new (running: Running) => object {
  class Lazy {
    readonly #running: Running;
    readonly #made: unknown[] = [];

    constructor(running: Running) {
      this.#running = running;
    }

    static define(name: string, at: number): void {
      Object.defineProperty(this.prototype, name, {
        enumerable: true, configurable: true,
        get(this: Lazy) {
          if (this.#running.once) return this.#made[at] ??= make(name, this.#running);
          const value = make(name, this.#running);
          Object.defineProperty(this, name, { enumerable: true, configurable: true, writable: true, value });
          return value;
        },
        set(this: Lazy, value: unknown) {
          Object.defineProperty(this, name, { enumerable: true, configurable: true, writable: true, value });
        },
      });
    }
  }
  names.forEach((name, i) => Lazy.define(name, i));
  return Lazy;
}
