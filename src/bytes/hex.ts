const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits a byte, `between` in the gaps. */
export function hex(bytes: Uint8Array, at = 0, end = bytes.length, between = ''): string {
  if (at >= end) return '';
  let text = digits[bytes[at]!]!;
  for (let i = at + 1; i < end; i++) text += between + digits[bytes[i]!]!;
  return text;
}

/** The bytes of hex digits; white space is skipped. Undefined if it is anything else. */
export function unhex(text: string): Uint8Array | undefined {
  const bare = text.replace(/\s+/g, '');
  if (bare.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(bare)) return undefined;
  return Buffer.from(bare, 'hex');
}

const parted = digits.map((pair) => `:${pair}`);

/** A link-layer address: `02:42:ac:11:00:02`, whatever its length. */
export const formatMac = (bytes: Uint8Array, at: number, end: number): string => end - at === 6
  ? digits[bytes[at]!]! + parted[bytes[at + 1]!]! + parted[bytes[at + 2]!]! + (parted[bytes[at + 3]!]! + parted[bytes[at + 4]!]! + parted[bytes[at + 5]!]!)
  : hex(bytes, at, end, ':');

/** The bytes of `aa:bb:cc:dd:ee:ff`, of any number of pairs; undefined if it is not spelt so. */
export function parseMac(text: string): Uint8Array | undefined {
  if (text === '') return new Uint8Array(0);
  if (!/^[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2})*$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (pair) => parseInt(pair, 16));
}
