import { existsSync } from 'node:fs';
import { EngineError } from './errors.ts';

/** Where engines listen unless told otherwise. */
const usual = (): string[] => {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const own = runtime === undefined ? [] : [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`];
  return ['/var/run/docker.sock', '/run/podman/podman.sock', ...own];
};

/** The socket that DOCKER_HOST names, or the first of the usual ones that is there. */
export function findSocket(): string {
  const named = process.env['DOCKER_HOST'];
  if (named) {
    const path = /^unix:\/\/(\/.+)$/.exec(named)?.[1];
    if (path === undefined) throw new EngineError('ERR_NO_ENGINE', `DOCKER_HOST is ${named}: only unix:///PATH is on this machine`);
    return path;
  }
  const found = usual().find(existsSync);
  if (found === undefined) throw new EngineError('ERR_NO_ENGINE', `no container engine: none of ${usual().join(', ')} is there`);
  return found;
}
