/** Where the bytes of a streamed request body come from. It is read once, so a request with one is never repeated. */
export type PieceSource = ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** A request body that is read while it is sent. */
export interface RequestUpload {
  readonly pieces: PieceSource;
  /** How many bytes there are, where that is known: sent as content-length, and held to. @default in chunks, without one */
  readonly bytes?: number | undefined;
  /** More bytes than these end the request with `body_too_large`. */
  readonly maximumBytes: number;
}

/** A source that is asked for one piece after another, and told when no more is wanted. */
export interface OpenSource {
  next(): Promise<IteratorResult<Uint8Array | string, unknown>>;
  /** Stops the source, also while a piece is waited for. Never throws. */
  stop(): void;
}

/** True for a body that is read while it is sent. */
export function isUpload(body: Uint8Array | string | RequestUpload | undefined): body is RequestUpload {
  return typeof body === 'object' && 'pieces' in body;
}

/** Begins to read a source. Throws a `TypeError` where somebody else reads it already. */
export function openSource(pieces: PieceSource): OpenSource {
  // A web stream's iterator ends only behind the piece that it waits for; its reader ends at once.
  if (pieces instanceof ReadableStream) {
    const reader = pieces.getReader();
    const next = async (): Promise<IteratorResult<Uint8Array | string, unknown>> => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    };
    return { next, stop: () => void reader.cancel().catch(() => undefined) };
  }
  const iterator = pieces[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    stop() {
      Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => undefined);
    },
  };
}
