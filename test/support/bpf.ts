import { createRequire } from 'node:module';

const BPF = 321, BPF_PROG_LOAD = 5; // x86-64

/** Types of programs: BPF_PROG_TYPE_ of include/uapi/linux/bpf.h. */
const types = { xdp: 6, lwtOut: 11 } as const;

/**
 * Loads a program that lets everything pass, `r0 = RESULT; exit`, and gives its descriptor, or says in a sentence why it
 * cannot: bpf(2) is no netlink, so that the library has nothing for it.
 */
export function loadProgram(type: keyof typeof types, result: number): number | string {
  if (process.arch !== 'x64') return `the number of bpf(2) on ${process.arch} is not known here`;
  const koffi = createRequire(import.meta.url)('koffi'), libc = koffi.load('libc.so.6');
  const syscall = libc.func('long syscall(long number, long command, void *attributes, unsigned long size)');
  const program = new Uint8Array(16), view = new DataView(program.buffer), license = new Uint8Array([...Buffer.from('GPL'), 0]);
  view.setUint8(0, 0xb7); // r0 = result
  view.setInt32(4, result, true);
  view.setUint8(8, 0x95); // exit
  const attributes = new Uint8Array(128), into = new DataView(attributes.buffer);
  into.setUint32(0, types[type], true);
  into.setUint32(4, 2, true);
  into.setBigUint64(8, koffi.address(program), true);
  into.setBigUint64(16, koffi.address(license), true);
  attributes.set(Buffer.from('passes'), 48); // prog_name
  const fd = Number(syscall(BPF, BPF_PROG_LOAD, attributes, attributes.length));
  return fd >= 0 ? fd : `bpf(2) loads no program here: errno ${koffi.errno()}`;
}
