import { isArray, isBoolean, isFunction, isInteger, isNumber, isObject, isPrimitive, isString } from '@sindresorhus/is';
import { ArgumentError } from './errors.ts';

/** What an argument must be, in a test and in words. */
export interface Must {
  readonly is: (value: unknown) => boolean;
  readonly words: string;
}

/** The options that a function takes, by name. All of them may be left out or undefined. */
export type OptionTable<T> = { readonly [K in keyof Required<T>]: Must };

export const milliseconds: Must = {
  is: (value) => value === Infinity || (isNumber(value) && value >= 0),
  words: 'a number of milliseconds, 0 or more',
};
export const byteCount: Must = { is: (value) => isInteger(value) && value > 0 && value <= 0x7fffffff, words: 'a number of bytes, 1 to 2147483647' };
export const count: Must = { is: (value) => isInteger(value) && value > 0, words: 'a whole number, 1 or more' };
export const boolean: Must = { is: isBoolean, words: 'true or false' };
export const list: Must = { is: isArray, words: 'an array' };
export const aFunction: Must = { is: isFunction, words: 'a function' };
export const abortSignal: Must = {
  is: (value) => isObject(value) && isBoolean((value as AbortSignal).aborted) && isFunction((value as AbortSignal).addEventListener),
  words: 'an AbortSignal',
};
/** What stands in for a socket: a transport, or a function that opens one. */
export const transport: Must = {
  is: (value) => isFunction(value) || (isObject(value) && isFunction((value as { receive?: unknown }).receive)),
  words: 'a transport or a function that opens one',
};
/** Looked at where it is used, which can say more. */
export const anything: Must = { is: () => true, words: 'anything' };

/** Refuses an argument that is not what it must be: an ArgumentError, before anything is opened or sent. */
export function checkArgument(where: string, name: string, value: unknown, must: Must): void {
  if (!must.is(value)) throw new ArgumentError(`${where}: ${name} must be ${must.words}, got ${describe(value)}`);
}

/** Refuses options of the wrong sort, and those that there are not: a misspelt deadline would be none. */
export function checkOptions<T extends object>(where: string, options: T | undefined, table: OptionTable<T>): void {
  if (options === undefined) return;
  if (!isObject(options) || isArray(options) || isFunction(options)) throw new ArgumentError(`${where}: the options must be an object, got ${describe(options)}`);
  for (const name of Object.keys(options)) {
    const value = options[name as keyof T];
    if (!Object.hasOwn(table, name)) throw new ArgumentError(`${where}: there is no option "${name}"; there are ${Object.keys(table).join(', ')}`);
    if (value !== undefined) checkArgument(where, name, value, table[name as keyof T]);
  }
}

const describe = (value: unknown): string =>
  isString(value) ? JSON.stringify(value) : isPrimitive(value) ? String(value) : isFunction(value) ? 'a function' : `an object of type ${Object.prototype.toString.call(value).slice(8, -1)}`;
