import type { HttpAnswer } from '../connector/connector-http.ts';
import type { CallParts } from './call-parts.ts';
import type { RawRequest } from './raw-request.ts';
import { retrying } from './retrying.ts';

/** One request for a caller that reads status and headers itself: a failure of the service is an answer, too, once nothing more is tried. */
export async function sendRaw(parts: CallParts, request: RawRequest): Promise<HttpAnswer> {
  const { sender } = parts;
  let last: { readonly fault: unknown; readonly answer: HttpAnswer } | undefined;
  try {
    return await retrying(parts, request, async () => {
      const { answer, reading } = await sender.transmit(sender.finish(request));
      const fault = reading?.fault ?? null;
      if (fault === null) return answer;
      last = { fault, answer };
      throw fault;
    });
  } catch (error) {
    if (last !== undefined && error === last.fault) return last.answer;
    throw error;
  }
}
