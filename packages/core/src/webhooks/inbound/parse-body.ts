import { PatchbayError } from '../../errors/patchbay-error.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import type { Json } from '../../json/json.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';

/** Levels of nesting that a body may have. */
const maximumDepth = 64;

// The key, or one of its letters as the number by which JSON can write it.
const prototypeKey = /__proto__|\\u00(?:5f|6f|7[024])/i;

/** A body as it is read. */
export interface ParsedBody {
  readonly value: Json;
  /** The bytes say this value. False where they may hold a key `__proto__`, which the value does not. */
  readonly exact: boolean;
}

/**
 * The value of a body, without any key `__proto__`: whoever copies such an object by assignment gives the copy another prototype. Throws
 * `body_invalid` for what is not UTF-8, not JSON, or nests too deep.
 */
export function parseBody(bytes: Uint8Array): ParsedBody {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid('The body is not UTF-8.');
  if (nestsDeeperThan(text, maximumDepth)) throw invalid(`The body nests deeper than ${maximumDepth} levels.`);
  const exact = !prototypeKey.test(text);
  try {
    return { value: JSON.parse(text, exact ? undefined : withoutPrototype) as Json, exact };
  } catch {
    throw invalid('The body is not JSON.');
  }
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'body_invalid', message });
}
