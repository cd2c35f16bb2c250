import { get16, get32, getInt32, type Memory } from '../bytes/memory.ts';
import { getText } from '../bytes/text.ts';
import { DecodeError } from '../errors.ts';
import { headerSize, NLA_TYPE_MASK, NLM_F } from './header.ts';

/** What NLMSG_ERROR and NLMSG_DONE say: an errno (0 for an ACK) and the extended acknowledgement around it. */
export interface Verdict {
  /** Positive; 0 for success. */
  readonly errno: number;
  /** NLMSGERR_ATTR_MSG: the kernel's own words, on success a warning. */
  readonly text: string | undefined;
  /** NLMSGERR_ATTR_OFFS: the byte of the request, counted from its nlmsghdr, that the kernel objects to. */
  readonly offset: number | undefined;
  /** NLMSGERR_ATTR_COOKIE. */
  readonly cookie: Uint8Array | undefined;
  /** NLMSGERR_ATTR_MISS_TYPE: the number of an attribute that is missing. */
  readonly missingType: number | undefined;
  /** NLMSGERR_ATTR_MISS_NEST: the byte of the nest in which it is missing; undefined at the top. */
  readonly missingNest: number | undefined;
}

const accepted: Verdict = {
  errno: 0, text: undefined, offset: undefined, cookie: undefined, missingType: undefined, missingNest: undefined,
};

/**
 * Reads the NLMSG_ERROR message from `at` to `end`. Subsystems disagree on the errno's sign: both are taken. Throws a
 * DecodeError where it ends before the errno does.
 */
export function readError(m: Memory, at: number, end: number): Verdict {
  if (end - at < headerSize + 4) throw new DecodeError('an error message too short to hold an errno', at);
  const errno = Math.abs(getInt32(m, at + headerSize));
  const flags = get16(m, at + 6);
  if (!(flags & NLM_F.ACK_TLVS)) return errno === 0 ? accepted : { ...accepted, errno };
  // the request's header follows, and its payload too unless the answer was capped; then the extra attributes
  let tlvs = at + headerSize + 4 + headerSize;
  if (!(flags & NLM_F.CAPPED) && tlvs <= end) tlvs += Math.max(0, align(get32(m, at + headerSize + 4)) - headerSize);
  return { ...accepted, ...readTlvs(m, tlvs, end), errno };
}

/** Reads the NLMSG_DONE message from `at` to `end`: a dump can still fail in its last message. */
export function readDone(m: Memory, at: number, end: number): Verdict {
  if (end - at < headerSize + 4) return accepted;
  const errno = Math.abs(getInt32(m, at + headerSize));
  if (!(get16(m, at + 6) & NLM_F.ACK_TLVS)) return errno === 0 ? accepted : { ...accepted, errno };
  return { ...accepted, ...readTlvs(m, at + headerSize + 4, end), errno };
}

function readTlvs(m: Memory, from: number, end: number): Partial<Verdict> {
  const found: { -readonly [K in keyof Verdict]?: Verdict[K] } = {};
  for (let at = from; end - at >= 4; ) {
    const length = get16(m, at);
    if (length < 4 || at + length > end) break;
    const from = at + 4, to = at + length, number = to - from >= 4;
    switch (get16(m, at + 2) & NLA_TYPE_MASK) {
      case 1: found.text = getText(m.bytes, from, to); break;
      case 2: if (number) found.offset = get32(m, from); break;
      case 3: found.cookie = new Uint8Array(m.bytes.subarray(from, to)); break;
      case 5: if (number) found.missingType = get32(m, from); break;
      case 6: if (number) found.missingNest = get32(m, from); break;
    }
    at += align(length);
  }
  return found;
}

const align = (length: number): number => (length + 3) & ~3;
