import type { HttpAnswer } from '../../connector/connector-http.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import type { Json } from '../../json/json.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';
import { parseJsonKeys } from '../../json/parse-json-keys.ts';
import { malformed } from './answer-protocol.ts';

/** Levels of nesting that an answer may have; what comes after (schemas, JSON text) recurses. */
const maximumDepth = 500;

/** The body of an answer as JSON; `undefined` where it is empty. */
export function parseJsonAnswer({ body }: Pick<HttpAnswer, 'body'>): Json | undefined | typeof malformed {
  if (body.length === 0) return undefined;
  // A byte order mark is no JSON, and some services send one all the same.
  const text = decodeUtf8(body)?.replace(/^\uFEFF/, '');
  if (text === undefined || nestsDeeperThan(text, maximumDepth)) return malformed;
  try {
    return parseJsonKeys(text);
  } catch {
    return malformed;
  }
}
