import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/** Collects chunks up to the limit. Throws `body_too_large` as soon as it is passed, and `body_invalid` where the stream breaks off. */
export async function readStream(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.byteLength;
      if (length > limit) throw bodyTooLarge(limit);
      collected.push(chunk);
    }
  } catch (cause) {
    if (isPatchbayError(cause)) throw cause;
    throw new PatchbayError({ code: 'body_invalid', message: 'The sender ended the connection before its body was complete.', cause });
  }
  return joinChunks(collected, length);
}

/** The chunks as one; a lone chunk is not copied. */
export function joinChunks(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, length);
}

/** The error of a body beyond the limit. */
export function bodyTooLarge(limit: number): PatchbayError {
  return new PatchbayError({
    code: 'body_too_large',
    message: `The body is larger than ${limit} bytes. Raise maximumBodyBytes if the service sends so much.`,
  });
}

/** The error of a body that somebody has read before. */
export function bodyConsumed(): PatchbayError {
  return new PatchbayError({
    code: 'body_consumed',
    message:
      'The request body was read before it reached the hub, so its signature cannot be checked. Mount the hub before body parsers ' +
      '(Express: before express.json; Fastify: in a scope whose content type parser leaves the body unread), or pass the raw bytes as request.rawBody.',
  });
}
