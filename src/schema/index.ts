/**
 * What a declaration is made of: attributes with their names and numbers, codecs, messages. `defineKind` of
 * `netlink-ts` names the options of a link's kind with it.
 */
export { attribute, attributes, padding, within } from './attributes.ts';
export type { Attribute, AttributeOptions, AttributesInput, AttributesOutput, AttributeSet, Declarations, Infer, Taken } from './attributes.ts';
export type { Entry, Level, Nest, Pad, RawAttribute } from './level.ts';
export type { Codec, KnownField, Owner, ValueOf, Visitor } from './codec.ts';
export { be16, be32, be64, bool16, bool32, bool8, clockTicks, net16, net32, net64, s16, s32, s64, s8, u16, u32, u64, u8, uint } from './numbers.ts';
export { binary, cstring, flag, hexadecimal, interfaceName, ip, ipv4, ipv6, mac, octets, text } from './leaves.ts';
export { choice, type Choice, type ChoiceCodec, type Names } from './choice.ts';
export { flags, type Flags, type FlagsCodec } from './flags.ts';
export { masked, type MaskedCodec, type MaskOrder } from './masked.ts';
export { limited } from './limited.ts';
export { mapped, type MappedCodec } from './mapped.ts';
export { list, multi, packed, type ListCodec } from './arrays.ts';
export { field, hidden, struct, type Field, type Fields, type Struct, type StructValue } from './struct.ts';
export { tailed, type TailedCodec } from './tailed.ts';
export { tagged, type Cases, type CaseValue, type Tagged } from './tagged.ts';
export { message, type Decode, type Decoded, type Encodable, type Message, type MessageInput, type MessageOutput } from './message.ts';
export type { EmbeddedCodec } from './embedded.ts';
export type { Hoisted } from './hoisted.ts';
export { protocol, type MessageType, type Protocol, type Refusal } from './protocol.ts';
export type { Halves, Memory } from '../bytes/memory.ts';
export type { Project } from './project.ts';
export type { Writer } from '../bytes/writer.ts';
export type { Read, Site, Source } from './source.ts';
