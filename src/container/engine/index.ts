/** What docker and podman are asked over their unix socket. */
export { engineContainer, runningContainer, type EngineContainer } from './container.ts';
export { EngineError } from './errors.ts';
export type { EngineOptions } from './http.ts';
