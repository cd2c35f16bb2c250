import type { Pending } from './pending.ts';

/**
 * The exchanges that wait for an answer, by the numbers of their requests. They stand in a ring, for the numbers follow
 * each other. A Map would do, were it not for what V8 leaves behind when one is written often: its old tables keep alive
 * what was in them until the whole heap is collected, a batch of 20,000 requests 15 MiB.
 */
export class Waiters {
  size = 0;
  private slots = slots(16);
  /** Those that found another in their slot: there is one that waits long, while many come and go. */
  private others: Map<number, Pending> | undefined;

  get(number: number): Pending | undefined {
    const pending = this.slots[number & (this.slots.length - 1)];
    return pending?.sequence === number ? pending : this.others?.get(number);
  }

  has(number: number): boolean {
    return this.get(number) !== undefined;
  }

  /** Adds one whose number none of the others has. */
  set(number: number, pending: Pending): void {
    if (this.size === this.slots.length) this.grow();
    this.size++;
    const at = number & (this.slots.length - 1);
    if (this.slots[at] === undefined) this.slots[at] = pending;
    else (this.others ??= new Map()).set(number, pending);
  }

  delete(number: number): void {
    const at = number & (this.slots.length - 1);
    if (this.slots[at]?.sequence === number) this.slots[at] = undefined;
    else if (!this.others?.delete(number)) return;
    this.size--;
  }

  /** All, those asked for first before the others. */
  all(): Pending[] {
    if (this.size === 0) return [];
    const all = [...this.others?.values() ?? []];
    for (const pending of this.slots) if (pending !== undefined) all.push(pending);
    return all.sort((a, b) => a.sequence - b.sequence);
  }

  clear(): void {
    if (this.size === 0) return;
    this.slots = slots(this.slots.length);
    this.others = undefined;
    this.size = 0;
  }

  private grow(): void {
    const all = this.all(), { length } = this.slots;
    this.clear();
    this.slots = slots(2 * length);
    for (const pending of all) this.set(pending.sequence, pending);
  }
}

/** `fill()` is C++ in V8, which for few is dear. */
function slots(count: number): (Pending | undefined)[] {
  const slots: (Pending | undefined)[] = [];
  for (let i = 0; i < count; i++) slots.push(undefined);
  return slots;
}
