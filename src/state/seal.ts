import { crc32 } from 'node:zlib';
import type { ByteWriter } from '../core/bytes.ts';

/** A seal is the CRC-32 of all that lies before it, as the last four bytes. */
const SEAL_BYTES = 4;

/** What was written, closed by its seal: reckoned here and once more by who opens it, and nowhere else, since it is a tenth of what a save takes. */
export function seal(writer: ByteWriter): Uint8Array {
  writer.u32(crc32(writer.finish()));
  return writer.finish();
}

/** The seal as it stands there, by which one sealed thing is told from another; 0 where there is no room for one. */
export function sealOf(bytes: Uint8Array): number {
  if (bytes.length < SEAL_BYTES) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - SEAL_BYTES).getUint32(0, true);
}

/** Whether the bytes are those that were sealed, from the first to the last. */
export function isIntact(bytes: Uint8Array): boolean {
  return bytes.length >= SEAL_BYTES && crc32(bytes.subarray(0, bytes.length - SEAL_BYTES)) === sealOf(bytes);
}
