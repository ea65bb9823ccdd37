import type { Payload } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The JSON value of a stored payload. Throws `unsupported` for a coding that this version does not read. */
export function decodePayload(payload: Payload): Json {
  if (payload.codec !== 'plain') {
    throw new PatchbayError({
      code: 'unsupported',
      message: `A payload is stored as ${payload.codec}, which this version does not read. Update the package.`,
    });
  }
  return JSON.parse(decoder.decode(payload.bytes)) as Json;
}
