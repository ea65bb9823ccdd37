import type { IncomingMessage } from 'node:http';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { bodyTooLarge, joinChunks } from './read-stream.ts';

/**
 * Collects the body of a Node request by its events, which costs a fifth of an async iterator's time. Rejects as {@link readStream} does; on
 * a body beyond the limit the request is paused and keeps its socket, which the host's own code may still look at.
 */
export function readNodeStream(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const collected: Uint8Array[] = [];
    let length = 0;
    const leave = (): void => {
      request.off('data', take).off('end', finish).off('error', breakOff).off('close', breakOff);
    };
    const take = (chunk: Uint8Array): void => {
      length += chunk.byteLength;
      collected.push(chunk);
      if (length <= limit) return;
      leave();
      request.pause();
      reject(bodyTooLarge(limit));
    };
    const finish = (): void => {
      leave();
      resolve(joinChunks(collected, length));
    };
    const breakOff = (cause?: unknown): void => {
      leave();
      // A listener stays for an error that follows the close: without one it would end the process.
      request.once('error', () => undefined);
      reject(new PatchbayError({ code: 'body_invalid', message: 'The sender ended the connection before its body was complete.', cause }));
    };
    request.on('data', take).on('end', finish).on('error', breakOff).on('close', breakOff);
  });
}
