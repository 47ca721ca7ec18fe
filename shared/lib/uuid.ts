const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * A UUID of version 7 (RFC 9562, section 5.7): the time first, so that new keys land at the end of an index.
 *
 * @param atMs epoch ms, 48 bits
 * @param random ten random bytes
 */
export function uuidV7(atMs: number, random: Uint8Array): string {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  const byte = (index: number) => random[index] ?? 0;
  const hex = (index: number) => HEX[byte(index)] ?? "";
  const version = HEX[(byte(0) & 0x0f) | 0x70] + hex(1);
  const variant = HEX[(byte(2) & 0x3f) | 0x80] + hex(3);
  const rest = hex(4) + hex(5) + hex(6) + hex(7) + hex(8) + hex(9);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${rest}`;
}
