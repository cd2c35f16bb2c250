import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname } from 'node:path';

/** The first descriptor that systemd hands over. */
const handedOver = 3;

/**
 * Lets a server listen on a unix socket until this process is told to end: on the one that systemd has opened, where it
 * has, else on a new one of this path, which only its owner may use.
 */
export function listen(server: Server, path: string, { LISTEN_FDS, LISTEN_PID }: NodeJS.ProcessEnv): void {
  const said = (where: string) => (): void => void process.stdout.write(`listening at ${where}\n`);
  if (LISTEN_FDS === '1' && LISTEN_PID === String(process.pid)) server.listen({ fd: handedOver }, said('the socket handed over'));
  else {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true }); // of one that was killed
    const mask = process.umask(0o177);
    server.listen(path, said(path));
    process.umask(mask);
    chmodSync(path, 0o600);
  }
  const end = (): void => {
    server.close();
    if ('closeAllConnections' in server) (server as { closeAllConnections(): void }).closeAllConnections();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}
