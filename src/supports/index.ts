import { ArgumentError } from '../errors.ts';
import { Connection } from '../conversation/connection.ts';
import type { Operation } from '../conversation/operation.ts';
import type { Call } from '../conversation/pending.ts';
import { run, runSync } from '../conversation/run.ts';
import { genericProtocol } from '../generic/protocol.ts';
import { show } from '../schema/codec.ts';
import type { OpenTransport } from '../transport/transport.ts';
import { family, kind, strict, type Support } from './questions.ts';

export type { Support };

/** Something that a kernel can or cannot do. */
export type Feature =
  /** It checks what dumps are asked for, and filters (4.20). */
  | 'strict'
  /** It makes links of this kind, where need be by a module. */
  | { readonly kind: string }
  /** It has this family of generic netlink, with this command and this attribute of it, both by their numbers. */
  | { readonly family: string; readonly command?: number | undefined; readonly attribute?: number | undefined };

/**
 * Asks the kernel what it can do; nothing is changed by that, but a module may be loaded. Answers are kept as long as
 * the connection.
 *
 * 'unknown' where only those may ask who have CAP_NET_ADMIN (a kind whose module is not loaded), or where the kernel has
 * no way to tell (an attribute, before 5.10).
 */
export type RouteSupports = (feature: Feature) => Promise<Support>;

/** The same, synchronous. */
export type RouteSupportsSync = (feature: Feature) => Support;

/** What was answered on one connection. */
export type Answers = Map<string, Support>;

export function routeSupports(connection: Connection, open: OpenTransport, call: () => Call, answers: Answers): { supports: RouteSupports; sync: { supports: RouteSupportsSync } } {
  const kept = (key: string, answer: Support): Support => {
    if (answer !== 'unknown') answers.set(key, answer);
    return answer;
  };
  const generic = (): Connection => new Connection(open({ protocol: genericProtocol.number }), genericProtocol);
  return {
    async supports(feature) {
      const { key, operation, elsewhere } = question(feature), known = answers.get(key);
      if (known !== undefined) return known;
      const asked = elsewhere ? generic() : connection;
      try {
        return kept(key, await run(asked, operation, call()));
      } finally {
        if (elsewhere) asked.close();
      }
    },
    sync: {
      supports(feature) {
        const { key, operation, elsewhere } = question(feature), known = answers.get(key);
        if (known !== undefined) return known;
        const asked = elsewhere ? generic() : connection;
        try {
          return kept(key, runSync(asked, operation, call()));
        } finally {
          if (elsewhere) asked.close();
        }
      },
    },
  };
}

function question(feature: Feature): { key: string; operation: Operation<Support>; elsewhere: boolean } {
  const key = JSON.stringify(feature);
  if (feature === 'strict') return { key, operation: strict(), elsewhere: false };
  if (typeof feature === 'object' && feature !== null) {
    if ('kind' in feature && typeof feature.kind === 'string') return { key, operation: kind(feature.kind), elsewhere: false };
    if ('family' in feature && typeof feature.family === 'string') return { key, operation: family(feature), elsewhere: true };
  }
  throw new ArgumentError(`supports: the feature must be "strict", { kind } or { family, command, attribute }, got ${show(feature)}`);
}
