import { isUtf8 } from 'node:buffer';

/** The text of bytes that must be UTF-8, a byte order mark included; `undefined` where they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
