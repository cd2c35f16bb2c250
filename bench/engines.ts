/**
 * How long a runtime waits for a container's network: ADD and DEL of ours and of the reference plugins, in turn, each
 * measured from the start of its process to its end. Prints medians, in milliseconds. As root, in namespaces of its own.
 * First where nobody has rules for what is forwarded, then beside those of the reference's firewall, which stay when
 * its containers go: whoever finds such rules must look whether they let a container's packets through.
 *
 *     npm run build && sudo node --import tsx bench/engines.ts [rounds] [dist]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sandbox } from '../scripts/sandbox.ts';
import { netns } from '../src/index.ts';

if (process.env.NETLINK_SANDBOX === undefined) { // plugins make bridges, routes and rules where they are started
  const { code } = await sandbox(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { inherit: true });
  process.exit(code ?? 1);
}

const rounds = Number(process.argv[2] ?? 15), dist = resolve(process.argv[3] ?? 'dist'), reference = '/usr/lib/cni';
const folder = mkdtempSync(join(tmpdir(), 'bench-')), socket = join(folder, 'net.sock');
const bin = [process.execPath, join(dist, 'engines/bin.cjs')];

const runtimeConfig = { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] };
const base = { cniVersion: '1.0.0', name: 'bench' };
const subnet = (n: number) => `10.88.${n}.0/24`;
const ours = (n: number) => ({ ...base, name: `ours${n}`, type: 'netlink-ts-net', bridge: `ours${n}`, ipam: { type: 'netlink-ts', subnet: subnet(n) } });
const bridge = (n: number) => ({ ...base, name: `ref${n}`, type: 'bridge', bridge: `ref${n}`, isGateway: true, ipMasq: true, hairpinMode: true,
  ipam: { type: 'host-local', dataDir: join(folder, 'host-local'), subnet: subnet(n), routes: [{ dst: '0.0.0.0/0' }] } });
const more = (type: string, n: number, given: object) => ({ ...base, name: `ref${n}`, type, ...given });

/** Programs that are called one after the other, each with the result of the one before. */
interface Contestant {
  readonly what: string;
  readonly chain: readonly { readonly program: readonly string[]; readonly config: object }[];
}
const plugin = (config: { type: string }) => ({ program: [join(reference, config.type)], config });
const alone: Contestant[] = [
  { what: 'node -e 1', chain: [{ program: [process.execPath, '-e', '1'], config: {} }] },
  { what: 'bridge, host-local', chain: [plugin(bridge(1))] },
  { what: 'netlink-ts-net', chain: [{ program: bin, config: ours(2) }] },
  { what: 'client.pl of serve', chain: [{ program: ['src/engines/serve/client.pl'], config: ours(3) }] },
  { what: 'netlink-ts-net, with a port', chain: [{ program: bin, config: { ...ours(5), runtimeConfig } }] },
  { what: 'client.pl of serve, with a port', chain: [{ program: ['src/engines/serve/client.pl'], config: { ...ours(6), runtimeConfig } }] },
];
const besideFirewall: Contestant[] = [
  { what: 'bridge, host-local, portmap, firewall', chain: [plugin(bridge(4)), plugin(more('portmap', 4, { runtimeConfig })), plugin(more('firewall', 4, {}))] },
  { what: 'netlink-ts-net, with a port, beside it', chain: [{ program: bin, config: { ...ours(7), runtimeConfig } }] },
  { what: 'client.pl of serve, with a port, beside it', chain: [{ program: ['src/engines/serve/client.pl'], config: { ...ours(8), runtimeConfig } }] },
];

const env = (command: string) => ({
  PATH: process.env.PATH, CNI_COMMAND: command, CNI_CONTAINERID: 'bench', CNI_NETNS: '/run/netns/bench', CNI_IFNAME: 'eth0', CNI_PATH: reference,
  NETLINK_TS_STATE: folder, NETLINK_TS_SOCKET: socket, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});

/** Milliseconds of one command, all programs of the chain. */
function time(command: 'ADD' | 'DEL', { what, chain }: Contestant): number {
  let prevResult: object | undefined, sum = 0;
  for (const { program, config } of command === 'ADD' ? chain : chain.toReversed()) {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(program[0]!, program.slice(1), { env: env(command), input: JSON.stringify({ ...config, prevResult }), encoding: 'utf8' });
    sum += performance.now() - begun;
    if (status !== 0) throw new Error(`${what}: ${command}: ${stdout}${stderr}`);
    if (stdout !== '') prevResult = JSON.parse(stdout);
  }
  return sum;
}

const median = (all: readonly number[]): string => all.toSorted((a, b) => a - b)[all.length >> 1]!.toFixed(1).padStart(7);

if (!existsSync(join(reference, 'bridge'))) throw new Error('containernetworking-plugins is not installed');
netns.create('bench');
const server = spawn(bin[0]!, [bin[1]!, 'serve', socket], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NETLINK_TS_STATE: folder } });
await once(server.stdout, 'data');
const measured = new Map([...alone, ...besideFirewall].map(({ what }) => [what, { ADD: [] as number[], DEL: [] as number[] }]));
for (const contestants of [alone, besideFirewall]) for (let round = -2; round < rounds; round++) // two to warm up
  for (const contestant of contestants)
    for (const command of ['ADD', 'DEL'] as const) {
      const took = time(command, contestant);
      if (round >= 0) measured.get(contestant.what)![command].push(took);
    }
server.kill();
await once(server, 'exit');
netns.delete('bench');
console.log(`Node ${process.versions.node}, ${rounds} rounds, medians in ms\n${''.padEnd(44)}    ADD     DEL`);
for (const [what, { ADD, DEL }] of measured) console.log(`${what.padEnd(44)}${median(ADD)} ${median(DEL)}`);
