import type { Infer } from '../../schema/attributes.ts';
import type { OtherKind } from '../link/message.ts';
import type { Cases } from '../../schema/tagged.ts';

/** What was read: `kind` tells what `options` is. */
export type KindPart<K extends Cases> =
  | { [N in keyof K]: { kind: N; options?: Infer<K[N]> | undefined } }[keyof K]
  | { kind: OtherKind; options?: Uint8Array | undefined };

/** What may be left out of a struct is sent as zero. */
type Loose<T> = T extends Uint8Array ? T : { [M in keyof T]?: T[M] | undefined };

/** What is sent. */
export type KindInput<K extends Cases> =
  | { [N in keyof K]: { kind: N; options?: Loose<Infer<K[N]>> | undefined } }[keyof K]
  | { kind: OtherKind | (string & {}); options?: Uint8Array | undefined };
