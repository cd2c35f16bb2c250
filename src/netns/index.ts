/**
 * Network namespaces as objects. All of it is synchronous: the kernel answers at once, and what enters a namespace has
 * to leave it before anything else runs on this thread.
 */
export { attach, create, delete } from './named.ts';
export { enter, type EnterOptions } from './enter.ts';
export { list, type ListedNamespace } from './list.ts';
export { current, make, open, type Namespace, type NetnsOptions } from './namespace.ts';
export { ofProcess, type ProcessNamespace } from './process.ts';
export { spawn, spawnSync } from './spawn.ts';
export * as sysctl from './sysctl.ts';
export type { NamespaceRef } from '../route/namespace.ts';
