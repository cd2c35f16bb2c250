import { allocate, set16, set32, type Memory } from './memory.ts';

/**
 * A growing buffer that messages are written into, one behind the other, each on a 4-byte border.
 * `at` is where the next byte goes. Memory given out earlier is stale once the writer has grown: read `memory`
 * again after writing.
 */
export class Writer {
  memory: Memory;
  at = 0;
  /** Also writes what only the kernel says (statistics, names of states): for tests and for those who play the kernel. */
  full = false;

  constructor(size = 4096) {
    this.memory = allocate(size);
  }

  /** Makes room for `count` zeroed bytes, moves behind them and returns where they start. */
  take(count: number): number {
    const at = this.at, end = at + count;
    if (end > this.memory.bytes.length) this.grow(end);
    const { bytes } = this.memory;
    if (count > 64) bytes.fill(0, at, end);
    else for (let i = at; i < end; i++) bytes[i] = 0; // most are a few bytes, for which fill() takes far longer
    this.at = end;
    return at;
  }

  u8(value: number): void {
    const at = this.take(1);
    this.memory.bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.take(2);
    set16(this.memory, at, value);
  }

  u32(value: number): void {
    const at = this.at;
    if ((at & 3) === 0 && at + 4 <= this.memory.bytes.length) {
      this.memory.u32[at >> 2] = value;
      this.at = at + 4;
    } else {
      this.take(4);
      set32(this.memory, at, value);
    }
  }

  bytes(value: Uint8Array): void {
    const at = this.take(value.length);
    this.memory.bytes.set(value, at);
  }

  /** Text of ASCII, with a NUL behind it if `nul`; false, and nothing written, where it is none or has a NUL in it. */
  ascii(text: string, nul: boolean): boolean {
    const { length } = text, at = this.take(nul ? length + 1 : length), { bytes } = this.memory;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0 || code > 0x7f) {
        this.at = at;
        return false;
      }
      bytes[at + i] = code;
    }
    return true;
  }

  /** Zero bytes up to the next 4-byte border. */
  align(): void {
    const rest = -this.at & 3;
    if (rest !== 0) this.take(rest);
  }

  /** Starts an attribute; returns where, for `close`. */
  open(type: number): number {
    const at = this.take(4);
    set16(this.memory, at + 2, type);
    return at;
  }

  /** Ends the attribute that started at `start`: writes its length, pads it, returns that length. */
  close(start: number): number {
    const length = this.at - start;
    set16(this.memory, start, length);
    this.align();
    return length;
  }

  /** What was written from `start` on; a view, valid until the next write. */
  written(start = 0): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, this.at - start);
  }

  reset(): void {
    this.at = 0;
  }

  private grow(least: number): void {
    const larger = allocate(Math.max(least, this.memory.bytes.length * 2));
    larger.bytes.set(this.memory.bytes.subarray(0, this.at));
    this.memory = larger;
  }
}

