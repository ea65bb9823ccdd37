import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { AnswerPieces } from '../net/answer-pieces.ts';
import { decodePieces } from './decode-answer.ts';
import { StreamScrubber } from './scrub-stream.ts';
import type { SecretPattern } from './secret-pattern.ts';

/** What {@link answerStream} is given. */
export interface AnswerStreamInput {
  readonly pieces: AnswerPieces;
  /** As `codingsOf` gives them. */
  readonly codings: Parameters<typeof decodePieces>[0]['codings'];
  readonly patterns: readonly SecretPattern[];
  readonly maximumBytes: number;
  /** Told once, with what ended it before its end. */
  readonly ended: (fault: PatchbayError | null) => void;
}

/** The body of an answer as its reader sees it: decoded, without the credential, and read no faster than it is taken. */
export function answerStream({ pieces, codings, patterns, maximumBytes, ended }: AnswerStreamInput): ReadableStream<Uint8Array> {
  const scrubber = new StreamScrubber(patterns);
  const source: AsyncIterator<Uint8Array, unknown> = codings.length === 0 ? pieces : decodePieces({ pieces, codings, maximumBytes });
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    // What is held back whole gives nothing, and the reader waits for something.
    for (;;) {
      const { done, value } = await source.next();
      const clean = done === true ? scrubber.end() : scrubber.push(value);
      if (clean.byteLength > 0) controller.enqueue(clean);
      if (done === true) controller.close();
      if (done === true || clean.byteLength > 0) return;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        pull(controller).catch((error: unknown) => {
          const fault = isPatchbayError(error) ? error : unreadable();
          ended(fault);
          pieces.cancel();
          throw fault;
        }),
      cancel() {
        ended(null);
        pieces.cancel();
      },
    },
    // Nothing is read before somebody asks.
    { highWaterMark: 0 },
  );
}

function unreadable(): PatchbayError {
  return new PatchbayError({ code: 'internal', message: 'The answer could not be read to its end. Report it to the authors of the hub.' });
}
