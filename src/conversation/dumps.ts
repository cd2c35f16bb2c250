import { settle, type Pending } from './pending.ts';
import type { Waiters } from './waiters.ts';

/** The kernel has one dump at a time for a socket: the others wait here for their turn. */
export class Dumps {
  private readonly queue: Pending[] = [];
  private current: Pending | undefined;
  /** A dump that was given up, behind which another has been sent: the kernel may have it still, and then says EBUSY. */
  private mute: Pending | undefined;
  /** The exchanges that are waited for, by number. */
  private readonly pending: Waiters;
  private readonly sender: { send(pending: Pending): void };

  constructor(pending: Waiters, sender: { send(pending: Pending): void }) {
    this.pending = pending;
    this.sender = sender;
  }

  /** Whether one has to wait. If not, it is to be sent. */
  begin(pending: Pending): boolean {
    if (!this.current) return false;
    if (this.current === this.mute) this.mute = undefined; // each new one asks once more
    this.queue.push(pending);
    return true;
  }

  sent(pending: Pending): void {
    this.current = pending;
  }

  /** The kernel is done with an exchange: the next dump may begin. */
  released(pending: Pending): void {
    if (this.current !== pending) return;
    this.current = undefined;
    if (this.mute) this.pending.delete(this.mute.sequence);
    this.mute = undefined;
    this.sendNext();
  }

  /**
   * All is read that was there, and a dump that was given up has not ended: it may never. The next one is sent, so that a
   * lost answer does not cost the connection its dumps. True where something was sent.
   */
  overtake(): boolean {
    const { current, mute } = this;
    if (!current || current === mute || current.state === 'waiting' || this.queue.length === 0) return false;
    if (mute) this.pending.delete(mute.sequence);
    this.mute = current;
    this.current = undefined;
    this.sendNext();
    return true;
  }

  /** EBUSY: the kernel has the dump still that was given up. The one that was sent behind it waits until that has ended. */
  waitBehind(pending: Pending): boolean {
    const { mute } = this;
    if (!mute || this.current !== pending) return false;
    this.pending.delete(pending.sequence);
    pending.tries--;
    if (pending.state === 'waiting') this.queue.unshift(pending);
    this.current = mute;
    if (!this.pending.has(mute.sequence)) this.released(mute); // it ended meanwhile
    return true;
  }

  /** Gives one up. It keeps its place until the kernel has ended it, or takes another: true where others wait for that. */
  abandon(pending: Pending): boolean {
    if (this.current === pending) return this.queue.length > 0;
    this.pending.delete(pending.sequence);
    const queued = this.queue.indexOf(pending);
    if (queued >= 0) this.queue.splice(queued, 1);
    return false;
  }

  /** Those that wait for their turn, which none of them gets any more. */
  close(): Pending[] {
    this.current = this.mute = undefined;
    return this.queue.splice(0);
  }

  private sendNext(): void {
    while (!this.current) {
      const next = this.queue.shift();
      if (!next) return;
      try {
        this.sender.send(next);
      } catch (error) {
        settle(next, 'failed', error);
      }
    }
  }
}
