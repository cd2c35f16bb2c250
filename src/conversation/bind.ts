import type { Operation, ResultOf } from './operation.ts';

/** A family's operations: functions that make them, by name. */
export type Operations = { readonly [name: string]: ((...parameters: any[]) => Operation<any>) | unknown };

/** The same functions, running what they make and resulting in a promise. */
export type Async<F> = { readonly [K in keyof F as F[K] extends (...p: any[]) => Operation<any> ? K : never]:
  F[K] extends (...parameters: infer P) => infer O ? (...parameters: P) => Promise<ResultOf<O>> : never };

/** The same functions, running what they make before they return. */
export type Sync<F> = { readonly [K in keyof F as F[K] extends (...p: any[]) => Operation<any> ? K : never]:
  F[K] extends (...parameters: infer P) => infer O ? (...parameters: P) => ResultOf<O> : never };

/** The same functions, noting in a batch what they make. */
export type Batched<F> = { readonly [K in keyof F as F[K] extends (...p: any[]) => Operation<any> ? K : never]:
  F[K] extends (...parameters: infer P) => infer O ? (...parameters: P) => BatchItem<ResultOf<O>> : never };

/** The place of an operation in a batch; `nl.batch` returns its result in the same place. */
export interface BatchItem<T> {
  readonly index: number;
  /** Only for types. */
  readonly result?: T;
}

/** A `BatchItem`, told from whatever else a builder may return. */
export class Place implements BatchItem<never> {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}
