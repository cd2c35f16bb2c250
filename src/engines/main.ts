import { readFileSync, writeFileSync } from 'node:fs';
import { madeLibc } from '../ffi/load.ts';
import type { CniAnswer } from './cni/program.ts';

/** `netlink-ts-net`: what it is asked is told by the environment (CNI) or by its first word. */
const usage = `netlink-ts-net, the network of containers.

As a CNI plugin it is started by the runtime, with CNI_COMMAND in its environment.
As a netavark plugin it is started by podman: create, setup NETNS, teardown NETNS, info.
  netlink-ts-net serve [SOCKET]       answers CNI calls of small clients; /run/netlink-ts/net.sock unless given
  netlink-ts-net docker [SOCKET]      docker's network driver; /run/docker/plugins/netlink-ts.sock unless given
  netlink-ts-net unbridge BRIDGE      gives the uplink back what a bridge of mode lan had of it, when no container is left
  netlink-ts-net hook NAME [NETWORK]  createRuntime or poststop, a hook of runc and crun; NETWORK is a file
`;

/** Does what it is asked; a server is left running. Gives how to end where an answer is written and nothing is left to be done. */
export async function main(): Promise<(() => never) | undefined> {
  const [word, socket] = process.argv.slice(2), { CNI_COMMAND, NETLINK_TS_STATE: state, NETLINK_TS_FOLDER: folder } = process.env;

  if (CNI_COMMAND !== undefined) {
    const { cni } = await import('./cni/program.ts');
    return answer(await cni({ variables: process.env, input: readFileSync(0, 'utf8'), state }));
  } else if (word === 'serve' || word === 'docker') {
    const { defaultState } = await import('./network/record.ts');
    await (await import('./network/uplink.ts')).recoverUplinks(state ?? defaultState);
    const { listen } = await import('./serve/listen.ts');
    if (word === 'serve') listen((await import('./serve/server.ts')).cniServer({ state }), socket ?? '/run/netlink-ts/net.sock', process.env);
    else listen((await import('./docker/server.ts')).dockerDriver({ folder, state }), socket ?? '/run/docker/plugins/netlink-ts.sock', process.env);
  } else if (word === 'unbridge' && socket !== undefined) {
    const { defaultState } = await import('./network/record.ts'), { openHost } = await import('../container/host.ts');
    using host = openHost();
    if (await (await import('./network/uplink.ts')).unbridgeUplink(host, socket, state ?? defaultState)) return;
    process.stderr.write(`netlink-ts-net: ${socket} stays: it was not built upon an uplink here, or a container is attached to it\n`);
    process.exitCode = 1;
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
    return answer(await netavark({ words: process.argv.slice(2), input: word === 'info' ? '' : readFileSync(0, 'utf8'), state, version }));
  } else {
    process.stderr.write(usage);
    process.exitCode = 1;
  }
}

/**
 * Ends the process when its answer is written. To take Node down in order takes longer than to connect a container, and
 * nothing of ours is left to be done; but who gave Node words of his own may want what it writes at its end.
 */
function end(): never {
  const { NODE_OPTIONS, NODE_V8_COVERAGE } = process.env;
  if (process.execArgv.length === 0 && NODE_OPTIONS === undefined && NODE_V8_COVERAGE === undefined) madeLibc()?._exit(Number(process.exitCode));
  process.exit();
}

/** At once: `process.stdout` brings all of Node's streams. */
function answer({ exitCode, output }: CniAnswer): () => never {
  writeFileSync(1, output);
  process.exitCode = exitCode;
  return end;
}
