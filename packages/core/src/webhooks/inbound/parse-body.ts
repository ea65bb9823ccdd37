import { PatchbayError } from '../../errors/patchbay-error.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import type { Json } from '../../json/json.ts';
import { parseStrictJson } from '../../json/parse-strict-json.ts';

/** Levels of nesting that a body may have. */
export const maximumDepth = 64;

/** Keys that a body may have in all its objects together, unless its connector or the host says otherwise. */
export const usualKeys = 10_000;

/** A body as it is read. */
export interface ParsedBody {
  readonly value: Json;
  /** The bytes say this value. False where they may hold what the value does not: a key `__proto__`, or a number that no double can hold. */
  readonly exact: boolean;
}

/** The value of a body, read as {@link parseStrictJson} does. Throws `body_invalid` for what is not UTF-8, or refused there. */
export function parseBody(bytes: Uint8Array, maximumKeys = usualKeys): ParsedBody {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw bodyInvalid('The body is not UTF-8.');
  return parseText(text, maximumKeys);
}

/** The same for a text. */
export function parseText(text: string, maximumKeys: number): ParsedBody {
  const read = parseStrictJson(text, { depth: maximumDepth, members: maximumKeys });
  if ('fault' in read) throw bodyInvalid(`The body ${read.fault}.`);
  return read;
}

/** The error of a body that cannot be read. */
export function bodyInvalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'body_invalid', message });
}
