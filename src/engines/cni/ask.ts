import { NetlinkError } from '../../errors.ts';
import { cni } from './program.ts';
import type { CniResult } from './types.ts';

/** A container as an engine that knows no CNI tells of it. */
export interface Asking {
  readonly container: string;
  /** The path of its namespace; empty where that is gone. */
  readonly netns: string;
  readonly ifname: string;
  /** The network's configuration, and below `runtimeConfig` what is the container's own. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Where the distributions and the runtimes keep programs of CNI: an IPAM plugin is looked for there. */
const folders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];

/** Asks our own CNI plugin, for engines of other words. Throws what it says is wrong. */
export async function ask(command: 'ADD' | 'DEL', { container, netns, ifname, config }: Asking, state?: string): Promise<CniResult> {
  const { exitCode, output } = await cni({
    state, input: JSON.stringify({ ...config, cniVersion: '1.1.0' }),
    variables: { CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_NETNS: netns, CNI_IFNAME: ifname, CNI_PATH: folders.join(':') },
  });
  const answer = output === '' ? {} : JSON.parse(output);
  if (exitCode === 0) return answer;
  const { code, msg, details } = answer;
  throw new NetlinkError(`ERR_CNI_${code}`, details === undefined ? msg : `${msg}: ${details}`);
}
