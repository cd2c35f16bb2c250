import { ArgumentError } from '../errors.ts';

/** A JSON object as it comes from an engine. `what` it is stands in the error. */
export function readJson(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ArgumentError(`${what} is no JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new ArgumentError(`${what} is no JSON object`);
}
