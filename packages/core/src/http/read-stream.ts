import { isPatchbayError, type PatchbayError } from '../errors/patchbay-error.ts';
import { bodyBrokenOff } from './body-errors.ts';
import type { BodyPlace } from './create-body-room.ts';
import { joinChunks } from './join-chunks.ts';

/**
 * Collects a stream's chunks. Throws `body_too_large` as soon as the limit is passed, `body_invalid` where the stream breaks off or is late,
 * and `overloaded` where there is no room. What is given up is left unread and not cancelled, which would end the connection before the
 * sender has its answer.
 */
export async function readStream(stream: ReadableStream<Uint8Array>, place: BodyPlace): Promise<Uint8Array> {
  const reader = stream.getReader();
  const collected: Uint8Array[] = [];
  let length = 0;
  let givenUp: PatchbayError | undefined;
  place.wait((reason) => {
    givenUp = reason;
    // The chunk that is waited for is no longer: its promise rejects.
    reader.releaseLock();
  });
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (!ArrayBuffer.isView(value)) throw new TypeError('The stream holds something else than bytes.');
      place.take(value.byteLength);
      length += value.byteLength;
      collected.push(value);
    }
  } catch (cause) {
    if (givenUp) throw givenUp;
    throw isPatchbayError(cause) ? cause : bodyBrokenOff(cause);
  } finally {
    reader.releaseLock();
  }
  return joinChunks(collected, length);
}
