import { errno } from '../../errno.ts';
import { AbortError, KernelError, TimeoutError } from '../../errors.ts';
import type { RouteEvents } from '../events.ts';
import type { LinkRef } from '../link/message.ts';
import type { Addr } from './message.ts';
import type { AddrFilter } from './operations.ts';

/** What is needed of a connection. */
export interface Asking {
  readonly events: RouteEvents;
  readonly addr: { list(filter?: AddrFilter): Promise<Addr[]> };
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until a TimeoutError; 10,000. */
  readonly timeout?: number | undefined;
}

/**
 * Waits until the duplicate detection of a link's IPv6 addresses has ended, by the kernel's events and without polling,
 * and gives the addresses. Until then an address cannot be bound.
 *
 *     await waitForDad(nl, 'eth0');
 *
 * The link must be up and have a carrier: the kernel does not begin before. Fails with EADDRINUSE where another host
 * has one of the addresses, with ENODEV where there is no such link. IPv4 addresses are ready at once.
 */
export async function waitForDad(nl: Asking, dev: LinkRef, options: WaitOptions = {}): Promise<Addr[]> {
  const { timeout = 10_000, signal } = options;
  const late = AbortSignal.timeout(Math.min(timeout, 0x7fffffff));
  const events = nl.events(['addr'], { signal: signal ? AbortSignal.any([signal, late]) : late });
  try {
    for (;;) {
      const addresses = await nl.addr.list({ dev, family: 'inet6' });
      const duplicate = addresses.find((addr) => addr.flags.dadfailed);
      if (duplicate) throw new KernelError({ operation: 'addr.waitForDad', errno: errno.EADDRINUSE, hint: `Another host on the link has ${duplicate.address}` });
      if (!addresses.some((addr) => addr.flags.tentative)) return addresses;
      const { index } = addresses[0]!;
      for (;;) {
        const { value, done } = await events.next();
        if (done || value.type !== 'addr' || value.addr.index === index) break; // also after an overrun: look again
      }
    }
  } catch (error) {
    if (error instanceof AbortError && late.aborted && !signal?.aborted) throw new TimeoutError('addr.waitForDad', timeout);
    throw error;
  } finally {
    events.close();
  }
}
