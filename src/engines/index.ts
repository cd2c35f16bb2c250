/** The engines' side of container networks: what CNI runtimes and docker ask a network plugin. */
export { cni, type CniAnswer, type CniCall } from './cni/program.ts';
export type { Variables } from './cni/environment.ts';
export { CniError, cniCode } from './cni/errors.ts';
export { supportedVersions, type CniVersion } from './cni/version.ts';
export type { Bandwidth, CniAttachment, CniDns, CniInterface, CniIp, CniResult, CniRoute, PortMapping } from './cni/types.ts';
export { readSettings, SettingError, type Mode, type Settings } from './network/settings.ts';
export { attach, detach, collect, type Attached, type AttachedLinks } from './network/attach.ts';
export type { Address, Attachment, Owner, Port, Shaping, WantedRoute } from './network/request.ts';
export { openPool, PoolError, type Holder, type Pool, type Reservation } from './pool/pool.ts';
export { readRange, type Range, type RangeInput } from './pool/range.ts';
export { dockerDriver, type DockerDriverOptions } from './docker/server.ts';
export { netavark, type NetavarkCall } from './netavark/program.ts';
export { hook, type HookCall } from './hook/program.ts';
export { cniServer, type CniServerOptions } from './serve/server.ts';
