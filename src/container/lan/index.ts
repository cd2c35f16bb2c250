export { attach, type Attached } from './attach.ts';
export type { AttachOptions } from './attach-options.ts';
export type { Probing } from '../plan/own-arguments.ts';
export { bridge, type BridgeOptions, type Bridged } from './bridge.ts';
export { detach, type DetachOptions } from './detach.ts';
export { unbridge, type UnbridgeOptions } from './unbridge.ts';
