/** FNV-1a over bytes, 32 bits (Fowler, Noll and Vo; public domain): the same number on every machine. */
export function fnv1a32(bytes: Uint8Array): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  return hash >>> 0;
}
