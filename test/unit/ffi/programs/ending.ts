/**
 * Watches with all bindings in both ways as the scenario named by its argument says; process.test.ts looks at how this
 * program ends.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openLibc } from '../../../../src/ffi/load.ts';
import type { Watcher } from '../../../../src/ffi/readiness.ts';
import { available, newEvent, watches } from '../each.ts';
import { signal } from './event.ts';

interface Made {
  readonly watcher: Watcher;
  readonly fd: number;
  readonly name: string;
}

/** A started watcher of each sort, each with a descriptor of its own. */
function each(readable: () => void = () => {}): Made[] {
  return available.flatMap((binding) => Object.entries(watches).map(([way, watch]) => {
    const libc = openLibc(binding);
    const fd = newEvent(libc);
    const watcher = watch(libc, fd, readable);
    watcher.start();
    return { watcher, fd, name: `${binding} ${way}` };
  }));
}

const scenarios: Record<string, () => unknown> = {
  idle() {
    for (const { watcher } of each()) watcher.unref();
    for (const { watcher } of each()) watcher.stop();
    for (const { watcher } of each()) watcher.close();
    for (const { watcher } of each()) {
      watcher.stop();
      watcher.unref();
      watcher.start();
    }
  },

  /** Each in its turn is all that keeps the process alive until a timer, which does not, closes it. */
  async alive() {
    for (const { watcher, name } of each().map((made) => (made.watcher.stop(), made))) {
      watcher.unref();
      watcher.start();
      watcher.ref();
      await new Promise<void>((resolve) => setTimeout(() => {
        console.log(name);
        resolve();
        watcher.close();
      }, 20).unref());
    }
  },

  async unread() {
    const made = each();
    for (const { fd } of made) signal(fd);
    await pause(20);
    for (const { watcher } of made) watcher.unref();
  },

  async exit() {
    for (const { fd } of each()) signal(fd);
    await pause(20);
    process.exit(7);
  },

  exitWithin() {
    for (const { fd } of each(() => process.exit(7))) signal(fd);
  },

  throwing() {
    for (const { fd } of each(() => { throw new Error('boom'); })) signal(fd);
  },
};

await scenarios[process.argv[2]!]!();
