import { SystemError } from '../errors.ts';
import type { Binding } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { watchFd } from '../ffi/readiness.ts';
import { inside } from '../netns/inside.ts';

const AF_PACKET = 17, SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;

export interface PacketOptions {
  /** The namespace of the link. */
  readonly ns: { readonly fd: number };
  /** The link's index. */
  readonly index: number;
  /** The protocol by its number in the frame: 0x0806 is ARP. */
  readonly etherType: number;
  readonly ffi?: Binding | undefined;
}

/** Whole Ethernet frames of one protocol, from and to one link. */
export interface PacketSocket extends Disposable {
  /** Sends a frame as it is. Throws a SystemError. */
  send(frame: Uint8Array): void;
  /** Calls `received` with each frame until closed. */
  listen(received: (frame: Uint8Array) => void): void;
  close(): void;
}

/** Opens a packet socket: `socket(AF_PACKET, SOCK_RAW)`, bound to a link. Needs CAP_NET_RAW in its namespace. */
export function openPacket({ ns, index, etherType, ffi }: PacketOptions): PacketSocket {
  const libc = openLibc(ffi);
  // no protocol before it is bound: else frames of other links would be in it already
  const fd = check('socket', inside(libc, ns.fd, () => libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)));
  const address = new Uint8Array(20); // struct sockaddr_ll
  new Uint16Array(address.buffer)[0] = AF_PACKET;
  new DataView(address.buffer).setUint16(2, etherType); // as in the frame, whatever the machine's order
  new Int32Array(address.buffer)[1] = index;
  const bound = libc.bind(fd, address);
  if (bound < 0) {
    libc.close(fd);
    throw new SystemError('bind', bound, `a packet socket to link ${index}`);
  }
  let watcher: { start(): void; close(): void } | undefined, open = true;
  const into = new Uint8Array(2048);
  const close = (): void => {
    if (!open) return;
    open = false;
    watcher?.close();
    libc.close(fd);
  };
  return {
    send(frame) {
      check('send', libc.sendto(fd, frame, frame.length, 0, null));
    },
    listen(received) {
      watcher = watchFd(libc, fd, () => {
        while (open) {
          const length = libc.recvfrom(fd, into, MSG_DONTWAIT, null);
          if (length < 0) return; // there is no more; or the link went down, which is said once
          received(into.slice(0, length));
        }
      });
      watcher.start();
    },
    close,
    [Symbol.dispose]: close,
  };
}

function check(call: string, result: number): number {
  if (result < 0) throw new SystemError(call, result);
  return result;
}
