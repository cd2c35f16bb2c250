import { encodeText, getText } from '../bytes/text.ts';
import { errno } from '../errno.ts';
import { EncodeError, SystemError, within } from '../errors.ts';
import type { Binding, Libc } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { inside } from '../netns/inside.ts';
import { openFd } from '../netns/namespace.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { checkInterfaceName } from '../schema/leaves.ts';
import { show } from '../schema/codec.ts';

/** A tun or tap device to be made. */
export interface TunTap {
  /** Its name; without one the kernel takes the next free `tun0` or `tap0`. */
  readonly name?: string | undefined;
  /** `tun` carries IP packets, `tap` Ethernet frames. */
  readonly mode: 'tun' | 'tap';
  /** The user, by number, who may open it without CAP_NET_ADMIN. */
  readonly owner?: number | undefined;
  /** The group, by number, whose members may. */
  readonly group?: number | undefined;
  /** A header of four bytes before each packet says its protocol. Off unless true, as with `ip`. */
  readonly pi?: boolean | undefined;
  /** A virtio header before each packet. */
  readonly vnetHdr?: boolean | undefined;
  /** It may be opened several times, once for each queue. */
  readonly multiQueue?: boolean | undefined;
}

export interface TunTapOptions {
  /** How the C library is called: koffi unless given here or in the environment variable NETLINK_FFI. */
  readonly ffi?: Binding | undefined;
  /** The network namespace that is meant, this thread's unless given; to enter another takes CAP_SYS_ADMIN. */
  readonly netns?: NamespaceRef | undefined;
}

const device = '/dev/net/tun';
const O_RDWR = 2, O_CLOEXEC = 0o2000000;
/** include/uapi/linux/if_tun.h */
const TUNSETIFF = 0x400454ca, TUNSETPERSIST = 0x400454cb, TUNSETOWNER = 0x400454cc, TUNSETGROUP = 0x400454ce;
const IFF_TUN = 0x1,
  IFF_TAP = 0x2,
  IFF_MULTI_QUEUE = 0x100,
  IFF_NO_PI = 0x1000,
  IFF_VNET_HDR = 0x4000,
  IFF_TUN_EXCL = 0x8000;
/** The numbers of requests have other bits for their direction there. */
const otherDirections = ['mips', 'mipsel', 'ppc64', 'sparc'];

/**
 * Makes a tun or tap device that stays when nobody has it open, and gives its name.
 *
 * Equivalent to `ip tuntap add dev NAME mode MODE [user OWNER] [group GROUP] [pi] [vnet_hdr] [multi_queue]`. Fails
 * with EBUSY where the name is taken, with ENOENT or EPERM where /dev/net/tun is not there or not for us. It is no
 * netlink message: the kernel makes these devices for those who open /dev/net/tun. Its options are read by
 * `link.get(NAME).options`, and it is deleted by `link.delete(NAME)` as well.
 */
export function add({ name, mode, owner, group, pi, vnetHdr, multiQueue }: TunTap, options: TunTapOptions = {}): string {
  for (const [key, id] of Object.entries({ owner, group }))
    if (id !== undefined && !(Number.isInteger(id) && id >= 0 && id <= 0xfffffffe))
      throw new EncodeError(`must be the number of a user or group, got ${show(id)}`, key);
  const flags =
    modeOf(mode) |
    (pi ? 0 : IFF_NO_PI) |
    (vnetHdr ? IFF_VNET_HDR : 0) |
    (multiQueue ? IFF_MULTI_QUEUE : 0) |
    IFF_TUN_EXCL;
  return withDevice(options, name, flags, (libc, fd, made) => {
    if (owner !== undefined) control(libc, fd, TUNSETOWNER, owner, made);
    if (group !== undefined) control(libc, fd, TUNSETGROUP, group, made);
    control(libc, fd, TUNSETPERSIST, 1, made);
  });
}

/**
 * Deletes a tun or tap device: it goes when the last who has it open closes it.
 *
 * Equivalent to `ip tuntap del dev NAME mode MODE`. Fails with EINVAL where the device is of another mode or of none.
 */
function remove(name: string, mode: 'tun' | 'tap', options: TunTapOptions = {}): void {
  checkName(name);
  withDevice(options, name, modeOf(mode) | IFF_NO_PI, (libc, fd, made) => control(libc, fd, TUNSETPERSIST, 0, made));
}
export { remove as delete };

/** Attaches to a device, which makes it where it is not there, for as long as `use` runs. */
function withDevice(
  { ffi, netns }: TunTapOptions,
  name: string | undefined,
  flags: number,
  use: (libc: Libc, fd: number, name: string) => void,
): string {
  if (name !== undefined) checkName(name);
  if (otherDirections.includes(process.arch)) throw new SystemError('ioctl', -errno.ENOSYS, `on ${process.arch}`);
  const libc = openLibc(ffi);
  if (netns === undefined) return attach(libc, name, flags, use);
  const fd = openFd(libc, netns);
  try {
    return inside(libc, fd, () => attach(libc, name, flags, use));
  } finally {
    libc.close(fd);
  }
}

function attach(libc: Libc, name: string | undefined, flags: number, use: (libc: Libc, fd: number, name: string) => void): string {
  const fd = libc.open(device, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) throw new SystemError('open', fd, device);
  try {
    const ifreq = new Uint8Array(40); // struct ifreq: the name in 16 bytes, flags behind it
    ifreq.set(encodeText(name ?? ''));
    new DataView(ifreq.buffer).setUint16(16, flags, littleEndian);
    const result = libc.ioctl(fd, TUNSETIFF, ifreq);
    if (result < 0) throw new SystemError('ioctl', result, `TUNSETIFF${name === undefined ? '' : ` ${name}`}`);
    const made = getText(Buffer.from(ifreq.buffer), 0, 16);
    use(libc, fd, made);
    return made;
  } finally {
    libc.close(fd);
  }
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function modeOf(mode: unknown): number {
  if (mode === 'tun') return IFF_TUN;
  if (mode === 'tap') return IFF_TAP;
  throw new EncodeError(`must be tun or tap, got ${show(mode)}`, 'mode');
}

function checkName(name: unknown): void {
  try {
    checkInterfaceName(name);
  } catch (error) {
    throw within(error, 'name');
  }
}

function control(libc: Libc, fd: number, request: number, value: number, name: string): void {
  const result = libc.ioctlNumber(fd, request, value);
  if (result < 0) throw new SystemError('ioctl', result, name);
}
