import type { ConnectorHttp, HttpAnswer, StreamedAnswer } from '../connector/connector-http.ts';
import type { Schema } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import { cachingSender } from './cache/caching-sender.ts';
import { callService } from './call-service.ts';
import { createSender, type Sender } from './create-sender.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import { makeConnectorHttp } from './make-connector-http.ts';
import { makeRawCalls } from './raw-calls.ts';
import type { RawRequest } from './raw-request.ts';
import { sendRaw } from './send-raw.ts';
import { transformingSender } from './transforms/transforming-sender.ts';
import type { StreamLimits } from './transmit-stream.ts';
import { createWritingLog, type WritingLog } from './writing-log.ts';

/** One use of a connection. */
export interface GatewaySession extends Pick<WritingLog, 'hasWritten' | 'mayHaveWritten'> {
  readonly http: ConnectorHttp;
  /** The connection's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** The provider's id of the last request, where the connector names its header. */
  readonly requestId: () => string | undefined;
  /** True for the error with which a guard has held one of its requests back. */
  readonly isHeldBack: (error: unknown) => boolean;
  /** One request as it is, for callers that read status and headers themselves. */
  send(request: RawRequest): Promise<HttpAnswer>;
  /** The same with an answer that is read as it comes. Any status, an error's body collected. */
  stream(request: RawRequest, limits: StreamLimits): Promise<StreamedAnswer>;
}

/**
 * Opens one use of a connection. Everything it sends goes to the connection's pinned origin, with the credential attached last; no
 * redirect is followed. Throws `egress_refused` and `credential_missing` before anything is sent.
 */
export function openSession(gateway: GatewayOptions, session: SessionOptions): GatewaySession {
  const sender = senderOf(gateway, session);
  const log = createWritingLog();
  const { definition } = session;
  const call = <S extends Schema>(request: RawRequest, response: S) => callService({ gateway, session, sender, log }, request, response);
  return {
    http: makeConnectorHttp({
      own: session.key,
      origin: sender.origin,
      definition,
      now: () => gateway.clock.now(),
      call,
      raw: makeRawCalls({ sender, log }),
    }),
    settings: session.connection.value.settings,
    send: (request) => sendRaw({ gateway, session, sender, log }, request),
    stream: async (request, limits) => (await sender.stream(sender.finish(request), limits)).answer,
    requestId: sender.requestId,
    isHeldBack: sender.isHeldBack,
    hasWritten: log.hasWritten,
    mayHaveWritten: log.mayHaveWritten,
  };
}

/** What the host wants of a call comes first, then what it wants of the connector, then the connector's own; kept is what the service gave. */
function senderOf(gateway: GatewayOptions, session: SessionOptions): Sender {
  const { responseCache: cache, transforms } = gateway;
  const made = createSender(gateway, session);
  const sender = cache ? cachingSender(gateway, session, { sender: made, cache }) : made;
  const { id, transformRequest, transformResponse } = session.definition;
  const ofHub = transforms?.get(id);
  if (!(session.transforms || ofHub || transformRequest || transformResponse)) return sender;
  const own = { ...(transformRequest ? { request: transformRequest } : {}), ...(transformResponse ? { response: transformResponse } : {}) };
  return transformingSender(sender, [session.transforms, ofHub, own]);
}
