import { SystemError } from '../errors.ts';
import type { LoopCalls } from './libc.ts';
import type { Native, Prototypes } from './native.ts';

const prototypes = {
  calloc: ['address', ['size', 'size']],
  free: ['int', ['address']],
  uv_default_loop: ['address', []],
  uv_handle_size: ['int', ['int']],
  uv_poll_init: ['int', ['address', 'address', 'int']],
  uv_poll_start: ['int', ['address', 'int', 'address']],
  uv_poll_stop: ['int', ['address']],
  uv_ref: ['int', ['address']],
  uv_unref: ['int', ['address']],
  uv_close: ['int', ['address', 'address']],
} as const satisfies Prototypes;

/** uv_handle_type and uv_poll_event, uv.h */
const UV_POLL = 8, UV_READABLE = 1;

/**
 * libuv's poll handles on the default loop, which is the main thread's. Not for workers: a worker that is terminated
 * runs no more JavaScript, so nobody would close its handles, and Node aborts when a worker's loop still has one.
 *
 * A `uv_poll_t` lies in C memory, which V8 neither moves nor frees, and `uv_close` is given C's own `free` as its
 * callback: the memory lives exactly as long as libuv needs it. One C callback serves all handles and is never taken
 * back, since none may be while it runs.
 */
export function uvLoop(native: Native): LoopCalls {
  const listeners = new Map<bigint, (status: number, events: number) => void>();
  let made: ReturnType<typeof make> | undefined;
  const make = () => {
    const uv = native.functions(prototypes);
    // Once JavaScript has ended, Node turns the loop a few times more: no handle may call us then.
    process.once('exit', () => listeners.forEach((_, handle) => uv.uv_poll_stop(handle)));
    return {
      uv,
      free: native.addressOf('free'),
      ready: native.callback((handle, status, events) => listeners.get(handle)?.(status, events)),
    };
  };

  return {
    poll(fd, ready) {
      const { uv, free, ready: callback } = made ??= make();
      const handle = uv.calloc(1, uv.uv_handle_size(UV_POLL));
      const result = uv.uv_poll_init(uv.uv_default_loop(), handle, fd);
      if (result < 0) {
        uv.free(handle);
        throw new SystemError('uv_poll_init', result);
      }
      listeners.set(handle, ready);

      const whileOpen = (call: () => void) => (): void => {
        if (listeners.has(handle)) call();
      };
      return {
        start: whileOpen(() => {
          const result = uv.uv_poll_start(handle, UV_READABLE, callback);
          if (result < 0) throw new SystemError('uv_poll_start', result);
        }),
        stop: whileOpen(() => uv.uv_poll_stop(handle)),
        ref: whileOpen(() => uv.uv_ref(handle)),
        unref: whileOpen(() => uv.uv_unref(handle)),
        close: whileOpen(() => {
          listeners.delete(handle);
          uv.uv_close(handle, free);
        }),
      };
    },
  };
}
