import type { NetworkResponse } from './network-request.ts';

/** The answer as it comes: status and headers, with the body still under way. Whoever has it reads it or cancels it; it is over with the time-outs at the latest. */
export interface NetworkStream extends Omit<NetworkResponse, 'body' | 'truncated'> {
  readonly pieces: AnswerPieces;
}

/** What a reader can do to the request whose answer it reads. */
export interface PieceFlow {
  /** Nothing more is read from the connection until {@link resume}. */
  pause(): void;
  resume(): void;
  /** The reader has taken a piece. */
  moved(): void;
  /** The reader wants no more. */
  abandon(): void;
}

/** Bytes that are kept for a reader that is slower than the service. */
const mostWaiting = 65_536;

type Piece = IteratorResult<Uint8Array, undefined>;
const over: Piece = { done: true, value: undefined };

/**
 * The pieces of an answer between the connection and one reader. When the reader is slow the connection is not read, and the service stops sending.
 * {@link AnswerPieces.cancel} takes effect at once, also while a piece is waited for.
 */
export class AnswerPieces implements AsyncIterableIterator<Uint8Array> {
  readonly #head = Promise.withResolvers<NetworkStream>();
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #isOver = false;
  #error: unknown;
  #reader: PromiseWithResolvers<Piece> | undefined;
  #flow: PieceFlow | undefined;
  #received = 0;
  #whenOver: ((error: unknown, bytes: number) => void) | undefined;

  /** Status and headers, when they have come. */
  get head(): Promise<NetworkStream> {
    return this.#head.promise;
  }

  follow(flow: PieceFlow): void {
    this.#flow = flow;
  }

  /** Calls back when the connection has no more to give, with what ended it before its end and the bytes that came; at once where that was before. */
  whenOver(callback: (error: unknown, bytes: number) => void): void {
    this.#whenOver = callback;
    if (this.#isOver) callback(this.#error, this.#received);
  }

  begin(head: Omit<NetworkStream, 'pieces'>): void {
    this.#head.resolve({ ...head, pieces: this });
  }

  add(piece: Uint8Array): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#received += piece.byteLength;
    if (reader) {
      reader.resolve({ done: false, value: piece });
      return;
    }
    this.#waiting.push(piece);
    this.#bytes += piece.byteLength;
    if (this.#bytes < mostWaiting || this.#paused) return;
    this.#paused = true;
    this.#flow?.pause();
  }

  end(): void {
    this.#isOver = true;
    this.#reader?.resolve(over);
    this.#reader = undefined;
    this.#whenOver?.(undefined, this.#received);
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#error = error;
    this.#waiting.length = 0;
    this.#head.reject(error);
    this.#reader?.reject(error);
    this.#reader = undefined;
    this.#whenOver?.(error, this.#received);
  }

  next(): Promise<Piece> {
    const piece = this.#waiting.shift();
    if (piece) {
      this.#bytes -= piece.byteLength;
      if (!this.#isOver) this.#taken();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isOver) return Promise.resolve(over);
    this.#reader ??= Promise.withResolvers();
    return this.#reader.promise;
  }

  /** Ends the request where it is not over. What has not been read is dropped. */
  cancel(): void {
    this.#waiting.length = 0;
    if (this.#isOver) return;
    this.#flow?.abandon();
  }

  return(): Promise<Piece> {
    this.cancel();
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #taken(): void {
    this.#flow?.moved();
    if (!this.#paused || this.#bytes > mostWaiting / 2) return;
    this.#paused = false;
    this.#flow?.resume();
  }
}
