#!/usr/bin/env node
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultState } from './network/record.ts';
import { cni } from './cni/program.ts';

/** `netlink-ts-net`: what it is asked is told by the environment (CNI) or by its first word. */
const usage = `netlink-ts-net, the network of containers.

As a CNI plugin it is started by the runtime, with CNI_COMMAND in its environment.
  netlink-ts-net docker [SOCKET]   docker's network driver; /run/docker/plugins/netlink-ts.sock unless given
`;
const [word, socket = '/run/docker/plugins/netlink-ts.sock'] = process.argv.slice(2);
const state = process.env['NETLINK_TS_STATE'];

if (process.env['CNI_COMMAND'] !== undefined) {
  const { exitCode, output } = await cni({ variables: process.env, input: readFileSync(0, 'utf8'), state });
  process.stdout.write(output);
  process.exitCode = exitCode;
} else if (word === 'docker') {
  const { dockerDriver } = await import('./docker/server.ts');
  const { recoverUplinks } = await import('./network/uplink.ts');
  await recoverUplinks(state ?? defaultState);
  const server = dockerDriver({ folder: process.env['NETLINK_TS_FOLDER'], state });
  mkdirSync(dirname(socket), { recursive: true });
  rmSync(socket, { force: true }); // of one that was killed
  server.listen(socket, () => process.stdout.write(`listening at ${socket}\n`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
} else {
  process.stderr.write(usage);
  process.exitCode = 1;
}
