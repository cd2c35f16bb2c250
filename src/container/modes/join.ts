import * as netns from '../../netns/index.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { openTarget, reopenTarget, type ContainerRef } from '../target/target.ts';
import { namePath, nameOf } from './names.ts';

/** A namespace that a process can be started in. */
export interface Joinable {
  /** Its name, for `netns.spawn(name, ...)` and `ip netns exec`. */
  readonly name: string;
  /** Its path, for `linux.namespaces` of an OCI runtime and for `podman run --network ns:PATH`. */
  readonly path: string;
}

export interface JoinOptions {
  /** Whose network is to be shared. */
  readonly container: ContainerRef;
  /** The name that the namespace gets. */
  readonly name: string;
}

/** Nobody can move a process that runs to another namespace: its network is chosen when it is started. */
const joining = (what: string, host: Host, name: string, container?: ContainerRef): Plan<Joinable> => makePlan(what, async () => {
  const target = container === undefined ? undefined : await openTarget(container, host);
  const where = target === undefined ? 'host' : 'container', { ns } = target?.place ?? host, close = target?.close ?? (() => {});
  try {
    const taken = nameOf(name), steps: Step[] = [];
    if (taken !== undefined && taken !== ns.ino) throw new ContainerError('ERR_IN_USE', `${namePath(name)} is another namespace already`);
    if (taken === undefined) steps.push(step(call(where, 'name.attach', [name]), [call('host', 'name.delete', [name, ns.ino])]));
    return {
      places: { host, ...(target && { container: target.place }) }, steps, close, ...(target && { verify: target.verify }),
      result: () => ({ name, path: namePath(name) }),
    };
  } catch (error) {
    close();
    throw error;
  }
});

/** The namespace is held until the name is gone for good: nobody else may be in it. */
const leaving = (what: string, host: Host, name: string): Plan<void> => makePlan(what, async () => {
  const ino = nameOf(name);
  if (ino === undefined) return { places: { host }, steps: [], close() {}, result: () => undefined };
  const target = await openTarget({ path: namePath(name) }, host);
  return {
    places: { host, container: target.place }, close: target.close, result: () => undefined,
    steps: [step(call('host', 'name.delete', [name, ino]), [call('container', 'name.attach', [name], ['EEXIST'])])],
    reopen: () => reopenTarget(byProcess(ino) ?? { ns: host.ns }, target.place, host),
  };
});

/** A namespace whose name is gone, by a process in it. */
const byProcess = (ino: number): ContainerRef | undefined => {
  const pid = netns.list().find((one) => one.ino === ino)?.pids[0];
  return pid === undefined ? undefined : { pid };
};

/**
 * The mode `container`: gives the namespace of a container a name, by which another one is started in it. They share
 * interfaces, addresses and ports.
 *
 * Equivalent to `docker run --network container:ID` for whatever is started there.
 */
export const container = {
  attach: (host: Host, { container: of, name }: JoinOptions): Plan<Joinable> => joining('modes.container.attach', host, name, of),
  /** Takes the name away; who is in the namespace stays there. */
  detach: (host: Host, { name }: { readonly name: string }): Plan<void> => leaving('modes.container.detach', host, name),
} as const;

/** The mode `host`: the same with the host's own namespace. Equivalent to `docker run --network host`. */
export const host = {
  attach: (of: Host, { name }: { readonly name: string }): Plan<Joinable> => joining('modes.host.attach', of, name),
  detach: (of: Host, { name }: { readonly name: string }): Plan<void> => leaving('modes.host.detach', of, name),
} as const;

/** The loopback device of a container, up or down. */
const loopback = (what: string, host: Host, ref: ContainerRef, up: boolean): Plan<void> => makePlan(what, async () => {
  const target = await openTarget(ref, host);
  try {
    const lo = await present(target.place.nl, 'lo');
    const steps = lo === undefined || (lo.flags.up ?? false) === up ? []
      : [step(call('container', 'link.change', ['lo', { up }]), [call('container', 'link.change', ['lo', { up: !up }])])];
    return {
      places: { host, container: target.place }, steps, verify: target.verify, close: target.close, result: () => undefined,
      reopen: () => reopenTarget(ref, target.place, host),
    };
  } catch (error) {
    target.close();
    throw error;
  }
});

/**
 * The mode `none`: a namespace in which there is a loopback device and nothing else. `attach` brings that up.
 *
 * Equivalent to `docker run --network none`.
 */
export const none = {
  attach: (of: Host, { container: ref }: { readonly container: ContainerRef }): Plan<void> => loopback('modes.none.attach', of, ref, true),
  detach: (of: Host, { container: ref }: { readonly container: ContainerRef }): Plan<void> => loopback('modes.none.detach', of, ref, false),
} as const;
