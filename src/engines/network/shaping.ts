import type { RouteClient } from '../../open.ts';
import type { Shaping } from './request.ts';

const latency = 25_000; // microseconds that a packet may wait

/**
 * Limits what the container receives at the host's end of its pair, and what it sends at its own end: no link is
 * needed besides, and nothing stays behind. Equivalent to `tc qdisc replace dev DEV root tbf rate R burst B latency T`.
 */
export function shape(host: RouteClient, inside: RouteClient, name: string, ifname: string, shaping: Shaping): void {
  bucket(host, name, shaping.ingressRate, shaping.ingressBurst);
  bucket(inside, ifname, shaping.egressRate, shaping.egressBurst);
}

/** Bits become bytes; a burst is at least what the largest frame needs. */
function bucket(nl: RouteClient, dev: string, rate: number | undefined, burst: number | undefined): void {
  if (!rate) return;
  const bytes = Math.ceil(rate / 8);
  nl.sync.qdisc.replace(dev, { kind: 'tbf', parent: 'root', options: {
    rate: bytes, burst: Math.max(1600, Math.min(0x7fffffff, Math.ceil((burst || rate) / 8))), latency,
  } });
}
