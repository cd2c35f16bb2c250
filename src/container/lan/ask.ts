import { AbortError } from '../../errors.ts';
import { openPacket } from '../../packet/index.ts';
import type { Host } from '../host.ts';

export interface Question<T> {
  readonly etherType: number;
  readonly frame: Uint8Array;
  /** How often it is asked, and how many milliseconds after each time one waits. */
  readonly count: number;
  readonly interval: number;
  readonly signal?: AbortSignal | undefined;
  /** What a frame says; undefined where it is no answer. */
  answer(frame: Uint8Array): T | undefined;
}

/** Asks the network of a link; gives the first answer, undefined where none came. */
export async function askNetwork<T>({ ns, ffi }: Host, index: number, question: Question<T>): Promise<T | undefined> {
  const { etherType, frame, count, interval, signal, answer } = question;
  using socket = openPacket({ ns, index, etherType, ffi });
  let left = count, timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const turn = (): void => {
        if (left-- === 0) return resolve(undefined);
        timer = setTimeout(turn, interval);
        try {
          socket.send(frame);
        } catch (error) {
          reject(error);
        }
      };
      signal?.addEventListener('abort', () => reject(new AbortError('asking the network', signal.reason)), { once: true });
      socket.listen((received) => {
        const said = answer(received);
        if (said !== undefined) resolve(said);
      });
      turn();
    });
  } finally {
    clearTimeout(timer);
  }
}
