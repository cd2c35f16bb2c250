import type { Memory } from '../bytes/memory.ts';
import { annotate, renderLines } from '../schema/annotate.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Pending } from './pending.ts';

/** Gets every datagram, both ways, as text made from the declarations. */
export type Trace = (text: string) => void;

/** The text for one datagram: `>` what was sent, with the command that asks for the same, `<` what came back. */
export function tracing(direction: '>' | '<', m: Memory, length: number, protocol: Protocol, pendings: readonly Pending[] = []): string {
  const commands = pendings.map(({ exchange }) => exchange.command?.()).filter((command) => command !== undefined);
  const title = pendings.map(({ exchange }) => exchange.operation).join(', ');
  const lines = [
    ...(title ? [`${direction} ${title}${commands.length > 0 ? `   # ${commands.join('; ')}` : ''}`] : []),
    renderLines(annotate(m, 0, length, protocol), `${direction} `),
  ];
  return lines.join('\n');
}
