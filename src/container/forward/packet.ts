/** A packet that is to be forwarded, as far as it is known beforehand. */
export interface Packet {
  /** `from nl0`, for sentences. */
  readonly what: string;
  /** By whose rules it is judged: `bridge` is a frame that goes from port to port. */
  readonly family: 'ip' | 'ip6' | 'bridge';
  /** The links it comes and leaves by, the bridge of either. Undefined is any. */
  readonly iifname?: string | undefined;
  readonly oifname?: string | undefined;
  readonly ibrname?: string | undefined;
  readonly obrname?: string | undefined;
  readonly state: 'new' | 'established';
}

/** Chains of `inet` have both families of IP. */
export const seenBy = ({ family }: Packet, chain: { readonly family?: unknown }): boolean =>
  chain.family === family || (family !== 'bridge' && chain.family === 'inet');
