import type { Socket } from 'node:net';
import { responseTooLarge } from './request-failure.ts';

/** Bytes of an answer that may be neither body nor anything else that is known: room for headers, interim answers and what is read ahead. */
const mostUnexplained = 1_048_576;

/** Bytes on the wire that each byte of a body may cost: one byte to a chunk costs six. */
const wireBytesPerByte = 8;

/**
 * Counts what comes over the sockets of one network against what the parser makes of it. A service can send for ever what is in no header and
 * no body: a reason without an end, extensions of chunks, empty lines. Such a socket is destroyed, and its request fails with `response_too_large`.
 */
export class WireMeter {
  /** Of the socket that was read last. Its bytes are parsed in the same turn, so what the parser tells belongs to it. */
  #reading = { unexplained: 0 };

  /** Counts what this socket receives from now on. It has to be read by `read()`, as undici does. */
  watch(socket: Socket): void {
    const count = { unexplained: 0 };
    // Without this, listening would set the bytes flowing before undici listens.
    socket.pause();
    socket.on('data', (chunk: Uint8Array) => {
      this.#reading = count;
      count.unexplained += chunk.byteLength;
      if (count.unexplained > mostUnexplained) socket.destroy(responseTooLarge({ status: undefined, what: 'framing' }));
    });
  }

  /** The parser has found so many bytes of a body in what was read last. */
  explain(bytes: number): void {
    this.#reading.unexplained = Math.max(0, this.#reading.unexplained - bytes * wireBytesPerByte);
  }

  /** The parser has found the end of an answer in what was read last. */
  end(): void {
    this.#reading.unexplained = 0;
  }
}
