import type { HttpAnswer, StreamedAnswer } from '../connector/connector-http.ts';
import { isPatchbayError, type PatchbayError } from '../errors/patchbay-error.ts';
import type { NetworkStream } from '../net/answer-pieces.ts';
import { CollectedBody } from '../net/collected-body.ts';
import type { NetworkRequest } from '../net/network-request.ts';
import { responseTooLarge } from '../net/request-failure.ts';
import { isUpload } from '../net/upload-source.ts';
import { answerHeaders, decodedHeaders } from './answer-headers.ts';
import { answerStream } from './answer-stream.ts';
import { asIdentity } from './as-identity.ts';
import type { CallEnding, GuardedCall } from './call-guard.ts';
import { codingsOf, decodeAnswer } from './decode-answer.ts';
import type { FinishedRequest } from './finished-request.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import type { PassedGuards } from './passed-guards.ts';
import { type AnswerReading, readAnswer } from './read-answer.ts';
import { refuseLate } from './refuse-late.ts';
import { scrubAnswer, scrubHeaders, secretPatternOf } from './scrub-answer.ts';
import type { ConnectionSigning } from './signing/connection-signing.ts';

/** How much of an answer is read, and how long it may stand still. */
export interface StreamLimits {
  /** Bytes, decoded. */
  readonly maximumBytes: number;
  /** Milliseconds for the head of the answer and between two pieces of either body. */
  readonly idleMs: number;
}

/** An answer that has begun. */
export interface ReceivedStream {
  readonly answer: StreamedAnswer;
  /** `null` for a body that is still under way; an error has been collected and read. */
  readonly reading: AnswerReading | null;
}

/** What {@link transmitStream} is given. */
export interface StreamedExchange {
  readonly gateway: GatewayOptions;
  readonly session: SessionOptions;
  readonly finished: FinishedRequest;
  readonly limits: StreamLimits;
  readonly call: GuardedCall;
  readonly passed: PassedGuards;
  readonly forms: readonly string[];
  readonly signing: ConnectionSigning | null;
  readonly note: (headers: HttpAnswer['headers']) => void;
  readonly over: (ending: CallEnding) => void;
}

/** Sends a request and answers when the answer has begun. Guards have it until its body is over, is cancelled or fails. */
export async function transmitStream(exchange: StreamedExchange): Promise<ReceivedStream> {
  const { gateway, session, finished, limits, call, passed, signing } = exchange;
  const ending = new StreamEnding(exchange);
  try {
    const waiting = passed.enter();
    if (waiting !== undefined) await waiting;
    const signs = signing !== null && finished.isTrusted;
    const signed = signs ? await signing.sign(finished.request) : { request: finished.request, forms: [] };
    if (waiting !== undefined || signs) refuseLate(gateway, session);
    const totalMs = Math.max(1, call.endsAt - gateway.clock.monotonic());
    const idleMs = Math.min(limits.idleMs, totalMs);
    const timeouts = { headersMs: idleMs, sendMs: idleMs, bodyMs: idleMs, totalMs };
    ending.sent = true;
    const response = await gateway.network.stream({ ...asIdentity(signed.request, timeouts), maxResponseBytes: limits.maximumBytes });
    const secrets = [exchange.forms, signed.forms].filter(({ length }) => length > 0);
    try {
      return await receive(exchange, response, { ending, secrets });
    } catch (error) {
      // Nobody will read it, and it would keep its connection until the service has stood still for long enough.
      response.pieces.cancel();
      throw error;
    }
  } catch (error) {
    ending.end(isPatchbayError(error) ? error : null);
    throw error;
  }
}

interface Receiving {
  readonly ending: StreamEnding;
  readonly secrets: readonly (readonly string[])[];
}

async function receive(exchange: StreamedExchange, response: NetworkStream, { ending, secrets }: Receiving): Promise<ReceivedStream> {
  const { gateway, session, finished, limits, note } = exchange;
  const { status, pieces } = response;
  const headers = secrets.reduce(scrubHeaders, response.headers);
  note(headers);
  ending.head = { status, headers };
  if (status >= 300) {
    const body = await collected(pieces, gateway.maximumResponseBytes);
    const plain = await decodeAnswer({ status, headers, body }, gateway.maximumResponseBytes);
    const answer = secrets.reduce(scrubAnswer, plain);
    const reading = readAnswer(gateway, session.definition, finished.raw, answer);
    ending.bytes = body.byteLength;
    ending.end(reading?.fault ?? null);
    return { answer: { status, headers: answerHeaders(answer.headers), body: bodyOf(answer.body) }, reading };
  }
  const codings = hasNoBody(finished.method, status) ? [] : codingsOf(headers);
  const patterns = secrets.map(secretPatternOf);
  const body = answerStream({ pieces, codings, patterns, maximumBytes: limits.maximumBytes, ended: (fault) => ending.end(fault) });
  pieces.whenOver((error, bytes) => {
    ending.bytes = bytes;
    ending.end(isPatchbayError(error) ? error : null);
  });
  const seen = answerHeaders(codings.length === 0 ? headers : decodedHeaders(headers));
  return { answer: { status, headers: seen, body }, reading: null };
}

const hasNoBody = (method: string, status: number): boolean => method === 'HEAD' || status === 204;

/** How a streamed exchange ended, told once. */
class StreamEnding {
  sent = false;
  head: { readonly status: number; readonly headers: HttpAnswer['headers'] } | null = null;
  bytes = 0;
  #isTold = false;
  readonly #exchange: StreamedExchange;

  constructor(exchange: StreamedExchange) {
    this.#exchange = exchange;
  }

  end(fault: PatchbayError | null): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { gateway, call, passed, finished, over } = this.#exchange;
    const { status = null, headers = null } = this.head ?? {};
    const durationMs = gateway.clock.monotonic() - call.startedAt;
    const requestBytes = bytesOf(finished.request.body);
    const ending = { sent: this.sent, status, headers, fault, durationMs, requestBytes, responseBytes: this.bytes };
    passed.leave(ending);
    over(ending);
  }
}

/** Bytes of a request's body; of a stream those that were announced. */
export function bytesOf(body: NetworkRequest['body']): number {
  if (isUpload(body)) return body.bytes ?? 0;
  return typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0);
}

async function collected(pieces: AsyncIterable<Uint8Array>, maximumBytes: number): Promise<Uint8Array> {
  const body = new CollectedBody();
  for await (const piece of pieces) {
    if (body.size + piece.byteLength > maximumBytes) throw responseTooLarge({ status: undefined, what: 'body' });
    body.add(piece);
  }
  return body.take();
}

function bodyOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
