import type { Payload } from '@patchbay/core/adapter';

/** What the leading byte of a stored body says. New codings get new numbers; none is ever given another meaning. */
const codecs: readonly Payload['codec'][] = ['plain', 'compressed', 'sealed'];

/** A body as it is stored: one byte for its coding, then the bytes as they are. */
export function encodePayload(payload: Payload): Uint8Array {
  const stored = new Uint8Array(payload.bytes.byteLength + 1);
  stored[0] = codecs.indexOf(payload.codec);
  stored.set(payload.bytes, 1);
  return stored;
}

/** Reads a stored body. Throws where its coding is not known to this version of the package. */
export function decodePayload(stored: Uint8Array): Payload {
  const codec = codecs[stored[0] ?? -1];
  if (codec === undefined) throw new Error('A stored body has a coding that this version of the package does not know.');
  return { codec, bytes: stored.slice(1) };
}
