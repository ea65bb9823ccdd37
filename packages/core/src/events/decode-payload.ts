import type { Payload } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import type { Json } from '../json/json.ts';

/** The JSON value of a stored payload. Throws `unsupported` for a coding that this version does not read. */
export function decodePayload(payload: Payload): Json {
  if (payload.codec !== 'plain') {
    throw new PatchbayError({
      code: 'unsupported',
      message: `A payload is stored as ${payload.codec}, which this version does not read. Update the package.`,
    });
  }
  const text = decodeUtf8(payload.bytes);
  if (text === undefined)
    throw new PatchbayError({ code: 'internal', message: 'A stored payload is not UTF-8, which the hub never writes. Look at the store.' });
  return JSON.parse(text) as Json;
}
