import { Readable } from 'node:stream';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { type OpenSource, openSource, type RequestUpload } from './upload-source.ts';

/** Who wants to know how far a body is. */
export interface UploadWatch {
  /** The network has taken what there was and asks for more. */
  onUploadMoved(): void;
  /** All of it has been handed over. */
  onUploadEnded(): void;
}

/** Bytes that are read ahead of the network. */
const readAhead = 65_536;

/**
 * A request body that is pulled from its source as the network takes it. It counts: a source that gives more than it may, or another number of bytes than
 * it announced, ends the request. The source is stopped when the request ends for any reason.
 */
export class UploadBody extends Readable {
  readonly #upload: RequestUpload;
  readonly #watch: UploadWatch;
  #source: OpenSource | undefined;
  #count = 0;

  constructor(upload: RequestUpload, watch: UploadWatch) {
    super({ highWaterMark: readAhead });
    this.#upload = upload;
    this.#watch = watch;
    // Nobody listens once the request has ended, and an error without a listener would end the process.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#watch.onUploadMoved();
    this.#pull().catch((error: unknown) => void this.destroy(brokenOff(error)));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // Also one that was never begun: whoever filled it learns that nobody will read.
    try {
      this.#source ??= openSource(this.#upload.pieces);
      this.#source.stop();
    } catch {
      // Somebody else reads it.
    }
    callback(error);
  }

  async #pull(): Promise<void> {
    this.#source ??= openSource(this.#upload.pieces);
    const { done, value } = await this.#source.next();
    if (this.destroyed) return;
    if (done === true) {
      if (this.#upload.bytes !== undefined && this.#count !== this.#upload.bytes) throw otherLength(this.#upload.bytes);
      this.#watch.onUploadEnded();
      this.push(null);
      return;
    }
    const bytes = this.#checked(value);
    // An empty piece tells the stream nothing, and it would never ask again.
    if (bytes.byteLength === 0) this._read();
    else this.push(bytes);
  }

  #checked(piece: unknown): Uint8Array {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    if (!(bytes instanceof Uint8Array)) throw notBytes();
    this.#count += bytes.byteLength;
    if (this.#count > this.#upload.maximumBytes) throw tooMany(this.#upload.maximumBytes);
    if (this.#count > (this.#upload.bytes ?? Number.POSITIVE_INFINITY)) throw otherLength(this.#upload.bytes ?? 0);
    return bytes;
  }
}

const incomplete = 'The request was broken off, and the service may have seen a part of it.';

function brokenOff(error: unknown): PatchbayError {
  if (isPatchbayError(error)) return error;
  return new PatchbayError({
    code: 'aborted',
    message: `The stream that the body is read from failed. ${incomplete} Look at the cause.`,
    cause: error,
    sent: 'maybe',
  });
}

function otherLength(bytes: number): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: `The body is not the ${bytes} bytes that were announced. ${incomplete} Give its true length, or none.`,
    sent: 'maybe',
  });
}

function tooMany(bytes: number): PatchbayError {
  return new PatchbayError({
    code: 'body_too_large',
    message: `The body is larger than the ${bytes} bytes that a request may send. ${incomplete} Send less, or raise the limit.`,
    sent: 'maybe',
  });
}

function notBytes(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: `A piece of the body is neither bytes nor text. ${incomplete} Give Uint8Array or strings.`,
    sent: 'maybe',
  });
}
