/**
 * The first digits of a hash of a text (FNV-1a, 64 bits), hexadecimal: names that each process makes alike. Whoever
 * could choose two texts of one hash is root already, and node:crypto takes as long to load as all of this program.
 */
export function digest(text: string, digits: number): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0').slice(0, digits);
}
