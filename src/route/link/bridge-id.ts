import { hex } from '../../bytes/hex.ts';
import { EncodeError } from '../../errors.ts';
import type { Memory } from '../../bytes/memory.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { sourced } from '../../schema/source.ts';

const format = (m: Memory, at: number): string => `${hex(m.bytes, at, at + 2)}.${hex(m.bytes, at + 2, at + 8)}`;

/** `struct ifla_bridge_id`: priority and MAC address as `brctl show` prints them, `8000.0242f2558144`. */
export const bridgeId: Codec<string> = {
  label: 'bridge id', size: 8,
  read: sourced((m, at) => format(m, at), (site) => `${site.use(format)}(m, ${site.at})`),
  write(w, value) {
    const match = typeof value === 'string' ? /^([0-9a-f]{4})\.([0-9a-f]{12})$/i.exec(value) : null;
    if (!match) throw new EncodeError(`must be a bridge id like 8000.0242f2558144, got ${show(value)}`);
    w.bytes(Buffer.from(match[1]! + match[2]!, 'hex'));
  },
};
