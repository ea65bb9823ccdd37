import { PatchbayError } from '../errors/patchbay-error.ts';
import { ivSize, tagSize } from './aes-gcm.ts';
import { saltSize } from './salt-source.ts';

/** AES-256-GCM under a key from HKDF-SHA-256 with key commitment. */
export const suite = 1;

/** Four bytes that tell what an envelope holds; the last one is the version of the grammar. */
export type EnvelopeMagic = 'PBV\u0001' | 'PBK\u0001';

/** The parts of an envelope, in the order in which they stand in its bytes. */
export interface Envelope {
  /** The key-encryption key that was active when this was sealed. */
  readonly kekId: string;
  readonly dekId: string;
  readonly dekVersion: number;
  readonly salt: Uint8Array;
  readonly iv: Uint8Array;
  readonly commitment: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** Length in bytes; an envelope with another is refused. */
export const commitmentSize = 32;

const fixedSize = 4 + 2 + 1 + 1 + 4 + (1 + saltSize) + (1 + ivSize) + (1 + commitmentSize) + 4 + (1 + tagSize);

/** Key ids are short printable ASCII, so that one byte holds their length and a log can show them. */
export const isKeyId = (text: string): boolean => /^[\x21-\x7e]{1,255}$/.test(text);

/**
 * Writes `magic(4) suite(2) kek(1+n) dek(1+n) version(4) salt(1+32) iv(1+12) commitment(1+32) ciphertext(4+n) tag(1+16)`, numbers
 * big-endian, each part of variable length behind its length.
 */
export function encodeEnvelope(magic: EnvelopeMagic, envelope: Envelope): Uint8Array {
  const { kekId, dekId, ciphertext } = envelope;
  const bytes = Buffer.allocUnsafe(fixedSize + kekId.length + dekId.length + ciphertext.byteLength);
  let at = bytes.write(magic, 'latin1');
  at = bytes.writeUInt16BE(suite, at);
  for (const id of [kekId, dekId]) {
    at = bytes.writeUInt8(id.length, at);
    at += bytes.write(id, at, 'latin1');
  }
  at = bytes.writeUInt32BE(envelope.dekVersion, at);
  for (const part of [envelope.salt, envelope.iv, envelope.commitment]) {
    at = bytes.writeUInt8(part.byteLength, at);
    bytes.set(part, at);
    at += part.byteLength;
  }
  at = bytes.writeUInt32BE(ciphertext.byteLength, at);
  bytes.set(ciphertext, at);
  at = bytes.writeUInt8(tagSize, at + ciphertext.byteLength);
  bytes.set(envelope.tag, at);
  return bytes;
}

/** Reads an envelope without copying. Throws `vault_sealed` for another magic, version or suite, a wrong length, or bytes left over. */
export function decodeEnvelope(magic: EnvelopeMagic, bytes: Uint8Array): Envelope {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const move = (size: number): number => {
    if (size > buffer.byteLength - at) throw malformed('it is cut off');
    at += size;
    return at - size;
  };
  // Arguments are evaluated from left to right: `at` has moved when it is read after a call of `move`.
  const takeText = (size: number): string => buffer.toString('latin1', move(size), at);
  const takeId = (): string => {
    const id = takeText(buffer[move(1)] ?? 0);
    if (!isKeyId(id)) throw malformed('a key id is not readable');
    return id;
  };
  const takePart = (size: number): Buffer => {
    if (buffer[move(1)] !== size) throw malformed('a part has the wrong length');
    return buffer.subarray(move(size), at);
  };
  if (takeText(4) !== magic) throw malformed('its kind or version is unknown');
  if (buffer.readUInt16BE(move(2)) !== suite) throw malformed('its cipher suite is unknown');
  const envelope: Envelope = {
    kekId: takeId(),
    dekId: takeId(),
    dekVersion: buffer.readUInt32BE(move(4)),
    salt: takePart(saltSize),
    iv: takePart(ivSize),
    commitment: takePart(commitmentSize),
    ciphertext: buffer.subarray(move(buffer.readUInt32BE(move(4))), at),
    tag: takePart(tagSize),
  };
  if (at !== buffer.byteLength) throw malformed('bytes are left over');
  return envelope;
}

function malformed(why: string): PatchbayError {
  return new PatchbayError({
    code: 'vault_sealed',
    message: `The sealed value cannot be read: ${why}. Restore it from a backup, or store the secret again.`,
    details: { reason: 'malformed' },
  });
}
