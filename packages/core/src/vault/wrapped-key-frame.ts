import { PatchbayError } from '../errors/patchbay-error.ts';
import { isKeyId } from './envelope.ts';
import type { WrappedDataKey } from './key-provider.ts';

/** First byte of a frame: the version of its grammar. */
const frameVersion = 1;

/** Writes a wrapped data key as it is stored: base64 of `version(1) kek(1+n) wrapped(rest)`. */
export function frameWrappedKey({ kekId, wrapped }: WrappedDataKey): string {
  if (!isKeyId(kekId)) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'The key provider gave a key id that is not printable ASCII of 1 to 255 characters.',
    });
  }
  return Buffer.concat([Uint8Array.of(frameVersion, kekId.length), Buffer.from(kekId, 'latin1'), wrapped]).toString('base64');
}

/** Reads what {@link frameWrappedKey} wrote. Throws `vault_sealed` for anything else. */
export function readWrappedKey(stored: string): WrappedDataKey {
  const bytes = Buffer.from(stored, 'base64');
  const [version, length = 0] = bytes;
  const kekId = bytes.subarray(2, 2 + length).toString('latin1');
  if (version !== frameVersion || kekId.length !== length || !isKeyId(kekId)) {
    throw new PatchbayError({
      code: 'vault_sealed',
      message: "The tenant's data key cannot be read. Restore it from a backup.",
      details: { reason: 'malformed' },
    });
  }
  return { kekId, wrapped: bytes.subarray(2 + length) };
}
