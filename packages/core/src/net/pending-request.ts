import type { Dispatcher } from 'undici';
import type { Sent } from '../errors/patchbay-error.ts';
import type { AnswerPieces, PieceFlow } from './answer-pieces.ts';
import { CollectedBody } from './collected-body.ts';
import type { NetworkHeaders, NetworkRequest, NetworkResponse, NetworkTimeouts, ResponseTiming } from './network-request.ts';
import { wasNeverRead } from './never-read.ts';
import type { Expiring, RequestDeadlines } from './request-deadlines.ts';
import { requestAborted, requestFailed, requestTimedOut, responseTooLarge, type TimedPhase } from './request-failure.ts';
import type { SessionMeter } from './session-meter.ts';
import { UploadBody, type UploadWatch } from './upload-body.ts';
import { isUpload } from './upload-source.ts';
import type { WireMeter } from './wire-meter.ts';

const defaultTimeouts = { connectMs: 10_000, sendMs: 30_000, headersMs: 30_000, bodyMs: 30_000, totalMs: 60_000 };
const limitOf = { connect: 'connectMs', send: 'sendMs', headers: 'headersMs', body: 'bodyMs', total: 'totalMs' } as const;

/** Interim answers (1xx) that a service may send before the real one. */
const mostInterimAnswers = 16;

const once = { once: true };

/** What undici is told when a request ends on our side. It is never shown: the caller has its own error by then. */
const abandoned = new Error('The request was abandoned.');

/** What all requests of one network share. */
export interface PendingWorld {
  readonly deadlines: RequestDeadlines;
  readonly meter: WireMeter;
  readonly sessions: SessionMeter;
}

/**
 * One request from the hand-over to undici until its answer. It is undici's handler, the signal's listener and the deadline at once, so
 * that a call makes one object and no chain of closures. With `pieces` the answer is not collected but handed on as it comes.
 */
export class PendingRequest implements Dispatcher.DispatchHandler, Expiring, PieceFlow, UploadWatch {
  dueAt: number;
  /** The body, where it is read while it is sent. */
  readonly upload: UploadBody | undefined;
  readonly #deferred = Promise.withResolvers<NetworkResponse>();
  readonly #request: NetworkRequest;
  readonly #deadlines: RequestDeadlines;
  readonly #meter: WireMeter;
  readonly #sessions: SessionMeter;
  readonly #startedAt: number;
  readonly #totalDueAt: number;
  #controller: Dispatcher.DispatchController | undefined;
  #phase: TimedPhase = 'connect';
  #settled = false;
  #status = 0;
  #interimAnswers = 0;
  #headers: NetworkHeaders = {};
  readonly #body = new CollectedBody();
  readonly #pieces: AnswerPieces | undefined;
  #received = 0;
  #connectMs = 0;
  #firstByteMs = 0;

  constructor(request: NetworkRequest, { deadlines, meter, sessions }: PendingWorld, pieces?: AnswerPieces) {
    this.#request = request;
    this.#deadlines = deadlines;
    this.#meter = meter;
    this.#sessions = sessions;
    const now = deadlines.now();
    this.#startedAt = now;
    this.#totalDueAt = now + this.#limit('totalMs');
    this.dueAt = Math.min(this.#totalDueAt, now + this.#limit('connectMs'));
    this.#pieces = pieces;
    pieces?.follow(this);
    if (isUpload(request.body)) this.upload = new UploadBody(request.body, this);
    if (request.signal?.aborted === true) {
      this.handleEvent();
    } else {
      request.signal?.addEventListener('abort', this, once);
      deadlines.watch(this);
    }
  }

  get answer(): Promise<NetworkResponse> {
    return this.#deferred.promise;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The caller's signal has aborted. */
  handleEvent(): void {
    this.#fail(requestAborted(this.#sent));
  }

  expire(): void {
    const phase = this.dueAt >= this.#totalDueAt ? 'total' : this.#phase;
    this.#fail(requestTimedOut({ phase, afterMs: this.#limit(limitOf[phase]), sent: this.#sent }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // undici writes to the socket right after this call, and not at all when it is told to abort here.
    if (this.#settled) {
      controller.abort(abandoned);
    } else {
      this.#controller = controller;
      this.#connectMs = this.#deadlines.now() - this.#startedAt;
      this.#enter('headers', 'headersMs');
    }
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: NetworkHeaders): void {
    if (status < 200) {
      this.#interimAnswers += 1;
      if (this.#interimAnswers > mostInterimAnswers) this.#fail(responseTooLarge({ status, what: 'number of interim answers' }));
      return;
    }
    this.#status = status;
    this.#headers = headers;
    if (this.#request.http2 === true) this.#sessions.explain(this.#request.origin, 'head');
    this.#firstByteMs = this.#deadlines.now() - this.#startedAt;
    const announced = this.#request.method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
    if (announced > this.#request.maxResponseBytes && this.#request.overflow !== 'truncate') {
      this.#overflow();
      return;
    }
    this.#enter('body', 'bodyMs');
    this.#pieces?.begin({ status, headers, timing: this.#timing });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#explain(chunk.byteLength);
    if (this.#pieces) {
      this.#handOn(this.#pieces, chunk);
      return;
    }
    const room = this.#request.maxResponseBytes - this.#body.size;
    this.#body.add(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
    if (chunk.byteLength > room) this.#overflow();
    else this.#enter('body', 'bodyMs');
  }

  onResponseEnd(): void {
    this.#meter.end();
    this.#succeed(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(requestFailed(error, this.#status === 0 && wasNeverRead(error) ? 'no' : this.#sent));
  }

  onUploadMoved(): void {
    if (this.#phase === 'headers' || this.#phase === 'send') this.#enter('send', 'sendMs');
  }

  onUploadEnded(): void {
    if (this.#phase === 'send') this.#enter('headers', 'headersMs');
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  moved(): void {
    this.#enter('body', 'bodyMs');
  }

  abandon(): void {
    this.#fail(requestAborted(this.#sent));
  }

  #handOn(pieces: AnswerPieces, chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    if (this.#received > this.#request.maxResponseBytes) {
      this.#fail(responseTooLarge({ status: this.#status, what: 'body' }));
    } else {
      this.#enter('body', 'bodyMs');
      pieces.add(chunk);
    }
  }

  #explain(bytes: number): void {
    if (this.#request.http2 === true && this.#sessions.explain(this.#request.origin, bytes)) return;
    this.#meter.explain(bytes);
  }

  get #timing(): ResponseTiming {
    return { connectMs: this.#connectMs, firstByteMs: this.#firstByteMs };
  }

  get #sent(): Sent {
    return this.#controller === undefined ? 'no' : 'maybe';
  }

  #limit(name: keyof NetworkTimeouts): number {
    return this.#request.timeouts?.[name] ?? defaultTimeouts[name];
  }

  #enter(phase: TimedPhase, limit: keyof NetworkTimeouts): void {
    this.#phase = phase;
    this.dueAt = Math.min(this.#totalDueAt, this.#deadlines.now() + this.#limit(limit));
    this.#deadlines.watch(this);
  }

  #overflow(): void {
    if (this.#request.overflow === 'truncate') {
      this.#succeed(true);
      this.#controller?.abort(abandoned);
    } else {
      this.#fail(responseTooLarge({ status: this.#status, what: 'body' }));
    }
  }

  #succeed(truncated: boolean): void {
    if (!this.#settle()) return;
    if (this.#pieces) this.#pieces.end();
    else
      this.#deferred.resolve({
        status: this.#status,
        headers: this.#headers,
        body: this.#body.take(),
        truncated,
        timing: this.#timing,
      });
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    if (this.#pieces) this.#pieces.fail(error);
    else this.#deferred.reject(error);
    this.#controller?.abort(abandoned);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#deadlines.forget(this);
    this.#request.signal?.removeEventListener('abort', this);
    this.upload?.destroy();
    return true;
  }
}
