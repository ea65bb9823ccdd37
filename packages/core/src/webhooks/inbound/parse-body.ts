import { PatchbayError } from '../../errors/patchbay-error.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import type { Json } from '../../json/json.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';

/** Levels of nesting that a body may have. */
const maximumDepth = 64;

// The key, or one of its letters as the number by which JSON can write it.
const prototypeKey = /__proto__|\\u00(?:5f|6f|7[024])/i;

/**
 * The value of a body, without any key `__proto__`: whoever copies such an object by assignment gives the copy another prototype. Throws
 * `body_invalid` for what is not UTF-8, not JSON, or nests too deep.
 */
export function parseBody(bytes: Uint8Array): Json {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid('The body is not UTF-8.');
  if (nestsDeeperThan(text, maximumDepth)) throw invalid(`The body nests deeper than ${maximumDepth} levels.`);
  try {
    return JSON.parse(text, prototypeKey.test(text) ? withoutPrototype : undefined) as Json;
  } catch {
    throw invalid('The body is not JSON.');
  }
}

/** True where the bytes may say more than the value that {@link parseBody} makes of them. */
export function mayHoldPrototype(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes('__proto__') || (buffer.includes('\\u00') && prototypeKey.test(buffer.toString('latin1')));
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'body_invalid', message });
}
