/** Networks of containers: plans that are told before they are done, and undone if they fail. */
export * as lan from './lan/index.ts';
export { openHost, type Host, type HostOptions } from './host.ts';
export type { ContainerRef } from './target/target.ts';
export type { Plan, PlannedStep } from './plan/plan.ts';
export type { Applied, ApplyOptions } from './plan/apply.ts';
export type { Outcome } from './plan/guard.ts';
export type { Where } from './plan/call.ts';
export { ContainerError, PlanError, type UndoFailure } from './errors.ts';
export * as modes from './modes/index.ts';
export type { BridgeAttachment } from './modes/attach.ts';
export type { BridgeModeDetachOptions } from './modes/detach.ts';
export type { Joinable, JoinOptions } from './modes/join.ts';
export type { BridgeModeOptions, NetworkOptions } from './modes/options.ts';
export type { PublishedPort } from './modes/ports.ts';
export { engineContainer, EngineError, type EngineContainer, type EngineOptions } from './engine/index.ts';
export { inspect, type Inspection, type Mode } from './inspect/inspect.ts';
export type { InterfacePath } from './inspect/path.ts';
export type { NatRule } from './inspect/rules.ts';
