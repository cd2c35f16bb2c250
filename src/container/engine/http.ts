import { request } from 'node:http';
import { TimeoutError } from '../../errors.ts';
import { EngineError } from './errors.ts';

export interface EngineOptions {
  /** The API's unix socket; where none is given, the first of the usual ones that is there. */
  readonly socket?: string | undefined;
  /** Milliseconds that the engine may take; 10,000 unless given. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** More than an engine says about one container. */
const longest = 16 << 20;

/**
 * Asks an engine's API, as `curl --unix-socket SOCKET http://localhost/PATH` does, and gives the JSON of the answer. An
 * answer that is no success is an EngineError with the engine's own words.
 */
export function ask(socketPath: string, path: string, options: EngineOptions = {}): Promise<unknown> {
  const { timeout = 10_000, signal } = options;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const sent = request({ socketPath, path, headers: { host: 'localhost', connection: 'close' }, signal }, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('error', (error) => refuse(broken(socketPath, path, error)));
      response.on('data', (part: Buffer) => {
        parts.push(part);
        if ((bytes += part.length) > longest) sent.destroy(new Error(`the answer has more than ${longest} bytes`));
      });
      response.on('end', () => {
        clearTimeout(timer);
        try {
          resolve(answer(response.statusCode!, Buffer.concat(parts).toString('utf8'), socketPath, path));
        } catch (error) {
          reject(error);
        }
      });
    });
    const timer = setTimeout(() => sent.destroy(new TimeoutError(`GET ${path} of ${socketPath}`, timeout)), timeout);
    sent.on('error', (error) => refuse(error instanceof TimeoutError ? error : broken(socketPath, path, error)));
    sent.end();
  });
}

const broken = (socket: string, path: string, cause: Error): EngineError => {
  const { code = 'ERR_ENGINE' } = cause as NodeJS.ErrnoException;
  return new EngineError(code, `GET ${path} of ${socket} failed: ${cause.message}`, { cause });
};

function answer(status: number, text: string, socket: string, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EngineError('ERR_ENGINE', `GET ${path} of ${socket}: status ${status} with no JSON, ${text.slice(0, 80)}`, { cause, status });
  }
  if (status >= 200 && status < 300) return value;
  const { message } = (value ?? {}) as { message?: unknown };
  const code = status === 404 ? 'ERR_NO_CONTAINER' : 'ERR_ENGINE';
  throw new EngineError(code, `the engine at ${socket} says: ${typeof message === 'string' ? message : text}`, { status });
}
