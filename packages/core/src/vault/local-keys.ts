import { randomBytes } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isKeyId } from './envelope.ts';
import { createEnvelopeCipher } from './envelope-cipher.ts';
import type { KeyProvider } from './key-provider.ts';

/** What {@link localKeys} is given. */
export interface LocalKeysOptions {
  /** Id of the key that wraps new data keys. */
  readonly active: string;
  /**
   * Keys by id, each 32 random bytes in base64, base64url or hex: `openssl rand -base64 32`. One line break at the end, as in a file, does no
   * harm. The others only unwrap what they wrapped.
   */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

const keySize = 32;

/**
 * Key-encryption keys that the host hands in, usually from its environment. Keep an old key in the list until nothing is wrapped under
 * it. Throws `invalid_argument` for a key that is not 32 bytes, and `vault_key_missing` when the active one is absent.
 */
export function localKeys(options: LocalKeysOptions): KeyProvider {
  const { active, keys } = checked(options);
  const parsed = new Map(Object.entries(keys).map(([kekId, text]) => [kekId, parseKey(kekId, text)]));
  const keyOf = (kekId: string): Uint8Array => {
    const key = parsed.get(kekId);
    if (key === undefined) throw missingKey(kekId);
    return key;
  };
  keyOf(active);
  const cipher = createEnvelopeCipher({ magic: 'PBK\u0001', label: 'patchbay/v1/kek', random: randomBytes, now: () => 0 });
  return {
    activeKekId: active,
    async wrap({ dataKey, associatedData }) {
      const input = {
        inputKey: keyOf(active),
        kekId: active,
        dekId: 'data-key',
        dekVersion: 0,
        context: [toText(associatedData)],
        plaintext: dataKey,
      };
      return { kekId: active, wrapped: cipher.seal(input) };
    },
    async unwrap({ kekId, wrapped, associatedData }) {
      return cipher.open({ inputKey: keyOf(kekId), context: [toText(associatedData)], envelope: cipher.read(wrapped) });
    },
  };
}

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The options of a host whose compiler has not looked at them. */
function checked(options: unknown): LocalKeysOptions {
  const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isRecord(options) && 'active' in options && typeof options.active === 'string' && 'keys' in options && isRecord(options.keys))
    return { active: options.active, keys: { ...options.keys } };
  throw invalidKey("localKeys was not given the id of the active key and the keys by id. Pass { active: 'k1', keys: { k1: … } }.");
}

function parseKey(kekId: string, given: unknown): Uint8Array {
  if (!isKeyId(kekId)) throw invalidKey('A key id is not printable ASCII of 1 to 255 characters.');
  if (given === undefined) throw missingKey(kekId);
  if (typeof given !== 'string') throw invalidKey(`The key "${kekId}" is not text. Pass its 32 bytes in base64 or hex.`);
  const text = given.replace(/\r?\n$/, '');
  if (text === '') throw missingKey(kekId);
  if (text.trim() !== text) throw invalidKey(`The key "${kekId}" has white space around it. Take it out.`);
  const encoding = /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64';
  const key = Buffer.from(text, encoding);
  const unpadded = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=$/, '');
  const exact = encoding === 'hex' || key.toString('base64').replace(/=$/, '') === unpadded;
  if (key.byteLength !== keySize || !exact) throw invalidKey(`The key "${kekId}" is not 32 bytes in base64 or hex.`);
  if (key.every((byte) => byte === key[0])) throw invalidKey(`The key "${kekId}" is one byte repeated, not a random key.`);
  return key;
}

function invalidKey(what: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `${what} Make one with: openssl rand -base64 32` });
}

function missingKey(kekId: string): PatchbayError {
  return new PatchbayError({
    code: 'vault_key_missing',
    message: `The key-encryption key "${kekId}" is missing. Add it to the keys of the hub; what it wrapped cannot be read without it.`,
    details: { kekId },
  });
}
