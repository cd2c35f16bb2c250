#!/usr/bin/env node
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultState } from './network/record.ts';
import { cni } from './cni/program.ts';

/** `netlink-ts-net`: what it is asked is told by the environment (CNI) or by its first word. */
const usage = `netlink-ts-net, the network of containers.

As a CNI plugin it is started by the runtime, with CNI_COMMAND in its environment.
As a netavark plugin it is started by podman: create, setup NETNS, teardown NETNS, info.
  netlink-ts-net docker [SOCKET]      docker's network driver; /run/docker/plugins/netlink-ts.sock unless given
  netlink-ts-net hook NAME [NETWORK]  createRuntime or poststop, a hook of runc and crun; NETWORK is a file
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
} else if (word === 'hook') {
  const { hook } = await import('./hook/program.ts');
  const [name = '', file] = process.argv.slice(3);
  await hook({ hook: name, file, input: readFileSync(0, 'utf8'), state }).catch(({ message }: Error) => {
    process.stderr.write(`netlink-ts-net: ${message}\n`);
    process.exitCode = 1;
  });
} else if (['create', 'setup', 'teardown', 'info'].includes(word!)) {
  const { netavark } = await import('./netavark/program.ts');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { exitCode, output } = await netavark({ words: process.argv.slice(2), input: word === 'info' ? '' : readFileSync(0, 'utf8'), state, version });
  process.stdout.write(output);
  process.exitCode = exitCode;
} else {
  process.stderr.write(usage);
  process.exitCode = 1;
}
