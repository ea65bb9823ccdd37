import { PatchbayError } from '../errors/patchbay-error.ts';

/** Length of a data key, in bytes. */
export const dataKeySize = 32;

/** An unwrapped data key of a tenant, in memory. */
export class DataKey {
  readonly kekId: string;
  readonly keyId: string;
  readonly version: number;
  readonly #bytes: Uint8Array;
  #wiped = false;

  constructor({ kekId, keyId, version, bytes }: { kekId: string; keyId: string; version: number; bytes: Uint8Array }) {
    this.kekId = kekId;
    this.keyId = keyId;
    this.version = version;
    this.#bytes = Uint8Array.from(bytes);
    bytes.fill(0);
  }

  /** The 32 bytes, to be used at once and not kept. Throws `internal` once the key has been wiped: zeros must never become a key. */
  get bytes(): Uint8Array {
    if (this.#wiped)
      throw new PatchbayError({
        code: 'internal',
        message: 'A data key was used after it had left the cache. Try again.',
        retryable: true,
      });
    return this.#bytes;
  }

  /** Best effort: copies that the engine has made elsewhere are out of reach. */
  wipe(): void {
    this.#wiped = true;
    this.#bytes.fill(0);
  }
}
