import type { HttpAnswer } from '../connector/connector-http.ts';
import { isRequestPath } from '../connector/path.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { NetworkRequest } from '../net/network-request.ts';
import { asIdentity } from './as-identity.ts';
import { wireBody } from './body-shape.ts';
import type { CallEnding, GuardedCall } from './call-guard.ts';
import { decodeAnswer } from './decode-answer.ts';
import { encodeQuery } from './encode-query.ts';
import type { FinishedRequest } from './finished-request.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import { PassedGuards } from './passed-guards.ts';
import { prepareConnection } from './prepare-connection.ts';
import type { RawRequest } from './raw-request.ts';
import { type AnswerReading, readAnswer } from './read-answer.ts';
import { refuseLate } from './refuse-late.ts';
import { requestHeaders } from './request-headers.ts';
import { requestIdOf } from './request-id-of.ts';
import { requestPlace } from './request-place.ts';
import { requestTarget } from './request-target.ts';
import { requireResourcePath } from './require-resources.ts';
import { scrubAnswer } from './scrub-answer.ts';
import { withScrubbedProtocol } from './scrub-protocol.ts';
import { secretTargetOf } from './secret-target.ts';
import { bytesOf, type ReceivedStream, type StreamLimits, transmitStream } from './transmit-stream.ts';
import { wholeTarget } from './whole-target.ts';

/** Sends the requests of one session to its pinned origin. */
export interface Sender {
  /** The one that everything goes to. */
  readonly origin: string;
  /** Finishes a request. Throws where it may not be sent; nothing has been then. */
  finish(request: RawRequest): FinishedRequest;
  /**
   * Sends it, where the guards let it. Answers any status. Rejects where a guard refuses it, and where no answer has come; the error's `sent` says
   * whether anything can have happened.
   */
  transmit(finished: FinishedRequest): Promise<ReceivedAnswer>;
  /** The same with an answer that is read as it comes; one that is an error is collected. Guards are told when the body is over. */
  stream(finished: FinishedRequest, options: StreamLimits): Promise<ReceivedStream>;
  /** True for the error with which a guard has held one of its requests back: nothing of that was sent, and it can wait. */
  isHeldBack(error: unknown): boolean;
  /** The provider's id of the last request, where the connector names its header. */
  requestId(): string | undefined;
}

/** An answer, and what it means where that has been worked out. */
export interface ReceivedAnswer {
  readonly answer: HttpAnswer;
  /** `null`: nothing has been read of its body, and it is no error. */
  readonly reading: AnswerReading | null;
}

/** Milliseconds for which guards may hold a request of an action back: beyond it another process may have the time. */
const longestWaitMs = 2_000;

const none: readonly string[] = [];

/** Refusals of guards that are remembered. */
const mostRefusals = 100;

/** Makes a sender. Throws `egress_refused` and `credential_missing`. */
export function createSender(gateway: GatewayOptions, session: SessionOptions): Sender {
  const { definition, connection } = session;
  if (connection.value.connector !== definition.id) throw foreignConnection();
  const { origin, basePath, fixedHeaders, fixedQuery, attachment, forms, identity, secretTarget, signing } = prepareConnection(
    gateway,
    session,
  );
  const own = { origin, basePath, isTrusted: true };
  const hasFixedQuery = Object.keys(fixedQuery).length > 0;
  let requestId: string | undefined;
  let refusals: unknown[] | undefined;

  const finish = (raw: RawRequest): FinishedRequest => {
    const { method, path, query, headers: given, host, body } = raw;
    if (!isRequestPath(path)) throw untaggedPath();
    refuseLate(gateway, session);
    const target = secretTargetOf(path, host, secretTarget);
    const place = target === undefined ? requestPlace({ session, own, path, host }) : { ...own, target };
    const { isTrusted } = place;
    const encoded = encodeQuery(hasFixedQuery && isTrusted ? { ...query, ...fixedQuery } : query, isTrusted ? attachment.query : null);
    // What is signed is read alike by everybody: a space as %20, an asterisk encoded.
    const fullTarget =
      place.target === undefined
        ? requestTarget(place, path.value, signing ? encoded.replaceAll('+', '%20').replaceAll('*', '%2A') : encoded)
        : wholeTarget({ target: place.target, takesMore: target !== undefined, query });
    if (session.author === 'host') requireResourcePath(definition, { method, path: path.value }, connection.value);
    const { headers: credentials } = attachment;
    const fixed = isTrusted ? fixedHeaders : {};
    const sources = { fixed, given: given ?? {}, contentType: body?.contentType, credentials, isTrusted };
    const request: NetworkRequest = {
      origin: place.origin,
      path: fullTarget,
      method,
      headers: requestHeaders(sources),
      body: wireBody(body),
      signal: session.signal,
      ...(identity && isTrusted ? { identity } : {}),
      ...(definition.http2 === true ? { http2: true } : {}),
      maxResponseBytes: gateway.maximumResponseBytes,
    };
    return { request, method, template: `${place.basePath}${path.template}`, isTrusted, raw };
  };

  const callOf = ({ request, method, template }: FinishedRequest): GuardedCall => {
    const startedAt = gateway.clock.monotonic();
    const endsAt = (session.endsAt ?? session.deadline)();
    const { tenant, author, signal, operation = null, dispatch, attempt } = session;
    const maximumWaitMs = session.maximumWaitMs ?? Math.min(longestWaitMs, endsAt - startedAt);
    return {
      tenant,
      connection,
      definition,
      origin: request.origin,
      method,
      template,
      author,
      operation,
      dispatch,
      attempt,
      signal,
      startedAt,
      endsAt,
      maximumWaitMs,
    };
  };

  const transmit = async (finished: FinishedRequest): Promise<ReceivedAnswer> => {
    const { clock, network } = gateway;
    const { request, raw } = finished;
    const call = callOf(finished);
    const passed = new PassedGuards(gateway.guards, call, clock);
    let ending: Pick<CallEnding, 'sent' | 'status' | 'headers' | 'fault'> = { sent: false, status: null, headers: null, fault: null };
    let responseBytes = 0;
    try {
      const waiting = passed.enter();
      if (waiting !== undefined) await waiting;
      const signs = signing !== null && finished.isTrusted;
      const signed = signs ? await signing.sign(request) : { request, forms: none };
      // Guards may have held it back, and signing may have waited for a call of its own.
      if (waiting !== undefined || signs) refuseLate(gateway, session);
      // The time of the whole is what the caller gave it; how it is spread over waiting and reading is the service's to choose.
      const totalMs = Math.max(1, call.endsAt - clock.monotonic());
      ending = { ...ending, sent: true };
      const response = await network.request(asIdentity(signed.request, { headersMs: totalMs, totalMs }));
      responseBytes = response.body.length;
      const coded = response.headers['content-encoding'] !== undefined;
      const plain = coded ? await decodeAnswer(response, gateway.maximumResponseBytes) : response;
      const answer = scrubAnswer(scrubAnswer(plain, forms), signed.forms);
      const { status, headers } = answer;
      note(headers);
      const reading = readAnswer(gateway, definition, withScrubbedProtocol(raw, [forms, signed.forms]), answer);
      ending = { sent: true, status, headers, fault: reading?.fault ?? null };
      return { answer, reading };
    } catch (error) {
      if (isPatchbayError(error)) ending = { ...ending, fault: error };
      noteRefusal(passed, error);
      throw error;
    } finally {
      const durationMs = clock.monotonic() - call.startedAt;
      passed.leave({ ...ending, durationMs, requestBytes: bytesOf(request.body), responseBytes });
      tell(call, ending.status, durationMs);
    }
  };

  const noteRefusal = ({ refusal }: PassedGuards, error: unknown): void => {
    if (error === refusal) refusals = [...(refusals ?? []), error].slice(-mostRefusals);
  };

  const note = (headers: HttpAnswer['headers']): void => {
    requestId = requestIdOf(definition, headers) ?? requestId;
  };

  const stream = async (finished: FinishedRequest, limits: StreamLimits): Promise<ReceivedStream> => {
    const call = callOf(finished);
    const passed = new PassedGuards(gateway.guards, call, gateway.clock);
    const over = (ending: CallEnding): void => tell(call, ending.status, ending.durationMs);
    try {
      return await transmitStream({ gateway, session, finished, limits, call, passed, forms, signing, note, over });
    } catch (error) {
      noteRefusal(passed, error);
      throw error;
    }
  };

  const tell = ({ tenant, method, template }: GuardedCall, status: number | null, durationMs: number): void => {
    const { notify, clock } = gateway;
    notify('api.requested', { tenant, connectionId: connection.id, method, pathTemplate: template, status, durationMs, at: clock.now() });
  };

  return { origin, finish, transmit, stream, isHeldBack: (error) => refusals?.includes(error) === true, requestId: () => requestId };
}

function foreignConnection(): PatchbayError {
  return new PatchbayError({
    code: 'egress_refused',
    message: 'The connection belongs to another connector, so its credential is not sent. Name a connection of this one.',
    sent: 'no',
  });
}

function untaggedPath(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'A path is made with the path tag, never from a plain string.',
    sent: 'no',
  });
}
