import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Link } from '../../src/route/link/message.ts';

/** A namespace with links that no kernel makes by itself: a guest of `npm run test:kernels -- --by qemu` has one, and names it. */
export const hardware = process.env.NETLINK_HARDWARE;

/** Runs `ip` there. */
export const ipThere = (line: string): string => execFileSync('nsenter', [`--net=${hardware}`, 'ip', ...line.split(' ')], { encoding: 'utf8' });

/** What `ip -details -json link show` says of a link there. */
export const linkThere = (name: string): any => JSON.parse(ipThere(`-details -statistics -json link show dev ${name}`))[0];

/** Gives each card there virtual functions, as its driver makes them of a number in /sys. */
export function makeVirtualFunctions(count: number): void {
  const devices = '/sys/bus/pci/devices';
  for (const name of existsSync(devices) ? readdirSync(devices) : []) {
    const file = `${devices}/${name}/sriov_numvfs`;
    if (existsSync(file) && readFileSync(file, 'utf8').trim() === '0') writeFileSync(file, `${count}`);
  }
}

const simulated = '/sys/bus/netdevsim';

/** Makes a simulated card in this namespace, with virtual functions; says in a sentence why it cannot. */
export function simulate(id: number, functions: number): string | undefined {
  if (!existsSync(simulated)) return 'this kernel simulates no cards: it has no netdevsim (scripts/kernels/modules.sh)';
  const settings = `/sys/kernel/debug/netdevsim/netdevsim${id}`;
  try {
    if (!existsSync('/sys/kernel/debug/netdevsim')) execFileSync('mount', ['-t', 'debugfs', 'debugfs', '/sys/kernel/debug']);
    writeFileSync(`${simulated}/new_device`, `${id} 1`);
    writeFileSync(`${settings}/max_vfs`, `${functions}`);
    writeFileSync(`${simulated}/devices/netdevsim${id}/sriov_numvfs`, `${functions}`);
  } catch (error) {
    return `no simulated card here: ${(error as Error).message}`;
  }
  return undefined;
}

/** Takes it away. */
export const unsimulate = (id: number): void => writeFileSync(`${simulated}/del_device`, `${id}`);

/** Our virtual functions in the words of `ip`, which leaves out what is zero of a VLAN. */
export const functionsInWords = ({ vfinfoList }: Link): object[] => vfinfoList!.map(({ mac, vlanList, txRate, rate, spoofchk, linkState, trust, broadcast, stats }) => ({
  vf: mac!.vf, link_type: 'ether', address: mac!.mac, broadcast,
  vlan_list: vlanList!.map(({ vlan, qos, vlanProto }) => ({ ...(vlan ? { vlan } : {}), ...(qos ? { qos } : {}), ...(vlanProto !== '802.1Q' && vlan ? { protocol: vlanProto } : {}) })),
  ...(txRate?.rate ? { tx_rate: txRate.rate } : {}), rate: { max_tx: rate!.maxTxRate, min_tx: rate!.minTxRate }, spoofchk: spoofchk!.setting, link_state: linkState!.linkState, trust: trust!.setting,
  ...(stats === undefined ? {} : { stats: {
    rx: { bytes: Number(stats.rxBytes), packets: Number(stats.rxPackets), multicast: Number(stats.multicast), broadcast: Number(stats.broadcast), dropped: Number(stats.rxDropped) },
    tx: { tx_bytes: Number(stats.txBytes), tx_packets: Number(stats.txPackets), dropped: Number(stats.txDropped) },
  } }),
}));
