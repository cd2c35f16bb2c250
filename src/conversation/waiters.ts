import type { Pending } from './pending.ts';

/**
 * The exchanges that wait for an answer, by the numbers of their requests. They stand in a ring, for the numbers follow
 * each other. A Map would do, were it not for what V8 leaves behind when one is written often: its old tables keep alive
 * what was in them until the whole heap is collected, a batch of 20,000 requests 15 MiB.
 */
export class Waiters {
  size = 0;
  private slots: (Pending | undefined)[] = new Array(16).fill(undefined);
  private numbers = new Uint32Array(16);
  /** Those that found another in their slot: there is one that waits long, while many come and go. */
  private readonly others = new Map<number, Pending>();

  get(number: number): Pending | undefined {
    const at = number & (this.slots.length - 1);
    if (this.numbers[at] === number && this.slots[at] !== undefined) return this.slots[at];
    return this.others.size === 0 ? undefined : this.others.get(number);
  }

  has(number: number): boolean {
    return this.get(number) !== undefined;
  }

  /** Adds one whose number none of the others has. */
  set(number: number, pending: Pending): void {
    if (this.size === this.slots.length) this.grow();
    this.size++;
    const at = number & (this.slots.length - 1);
    if (this.slots[at] === undefined) {
      this.slots[at] = pending;
      this.numbers[at] = number;
    } else this.others.set(number, pending);
  }

  delete(number: number): void {
    const at = number & (this.slots.length - 1);
    if (this.numbers[at] === number && this.slots[at] !== undefined) this.slots[at] = undefined;
    else if (!this.others.delete(number)) return;
    this.size--;
  }

  /** All, those asked for first before the others. */
  all(): Pending[] {
    return this.entries().sort(([a], [b]) => a - b).map(([, pending]) => pending);
  }

  clear(): void {
    this.slots.fill(undefined);
    this.others.clear();
    this.size = 0;
  }

  private entries(): [number, Pending][] {
    const entries = [...this.others];
    for (const [at, pending] of this.slots.entries()) if (pending !== undefined) entries.push([this.numbers[at]!, pending]);
    return entries;
  }

  private grow(): void {
    const entries = this.entries(), length = 2 * this.slots.length;
    this.clear();
    this.slots = new Array(length).fill(undefined);
    this.numbers = new Uint32Array(length);
    for (const [number, pending] of entries) this.set(number, pending);
  }
}
