import type { HttpAnswer } from '../connector/connector-http.ts';
import { isRequestPath } from '../connector/path.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { NetworkRequest } from '../net/network-request.ts';
import { encodeQuery } from './encode-query.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import { prepareConnection } from './prepare-connection.ts';
import type { RawRequest } from './raw-request.ts';
import { refuseLate } from './refuse-late.ts';
import { requestHeaders } from './request-headers.ts';
import { requestTarget } from './request-target.ts';
import { requireResourcePath } from './require-resources.ts';
import { scrubAnswer } from './scrub-answer.ts';

/** A request that is ready to go, with its credential. It stays inside the gateway. */
export interface FinishedRequest {
  readonly request: NetworkRequest;
  readonly method: string;
  /** Path with `{}` for each value, for notices. */
  readonly template: string;
}

/** Sends the requests of one session to its pinned origin. */
export interface Sender {
  /** Finishes a request. Throws where it may not be sent; nothing has been then. */
  finish(request: RawRequest): FinishedRequest;
  transmit(finished: FinishedRequest): Promise<HttpAnswer>;
  /** The provider's id of the last request, where the connector names its header. */
  requestId(): string | undefined;
}

const none: readonly string[] = [];

/** Longest id of a request that is kept, characters. */
const longestRequestId = 200;

/** Makes a sender. Throws `egress_refused` and `credential_missing`. */
export function createSender(gateway: GatewayOptions, session: SessionOptions): Sender {
  const { definition, connection } = session;
  if (connection.value.connector !== definition.id) throw foreignConnection();
  const { origin, basePath, attachment, forms, identity, signing } = prepareConnection(gateway, session);
  const place = { origin, basePath };
  let requestId: string | undefined;

  const finish = ({ method, path, query, headers: given, body }: RawRequest): FinishedRequest => {
    if (!isRequestPath(path)) throw untaggedPath();
    refuseLate(gateway, session);
    const encoded = encodeQuery(query, attachment.query);
    // What is signed is read alike by everybody: a space as %20, an asterisk encoded.
    const target = requestTarget(place, path.value, signing ? encoded.replaceAll('+', '%20').replaceAll('*', '%2A') : encoded);
    if (session.author === 'host') requireResourcePath(definition, { method, path: path.value }, connection.value);
    const { headers: credentials } = attachment;
    const sources = { fixed: definition.headers ?? {}, given: given ?? {}, contentType: body?.contentType, credentials };
    const request: NetworkRequest = {
      origin: place.origin,
      path: target,
      method,
      headers: requestHeaders(sources),
      body: body?.text,
      signal: session.signal,
      ...(identity ? { identity } : {}),
      maxResponseBytes: gateway.maximumResponseBytes,
    };
    return { request, method, template: `${place.basePath}${path.template}` };
  };

  const transmit = async ({ request, method, template }: FinishedRequest): Promise<HttpAnswer> => {
    const { clock, notify, network } = gateway;
    const startedAt = clock.monotonic();
    let status: number | null = null;
    try {
      const signed = signing ? await signing.sign(request) : { request, forms: none };
      // Signing may have waited for a call of its own.
      if (signing) refuseLate(gateway, session);
      // The time of the whole is what the caller gave it; how it is spread over waiting and reading is the service's to choose.
      const totalMs = Math.max(1, (session.endsAt ?? session.deadline)() - clock.monotonic());
      const response = await network.request({ ...signed.request, timeouts: { headersMs: totalMs, totalMs } });
      const answer = scrubAnswer(scrubAnswer(response, forms), signed.forms);
      status = answer.status;
      const named = definition.requestIdHeader === undefined ? undefined : answer.headers[definition.requestIdHeader];
      if (typeof named === 'string') requestId = named.slice(0, longestRequestId);
      return answer;
    } finally {
      const { tenant } = session;
      const durationMs = clock.monotonic() - startedAt;
      notify('api.requested', { tenant, connectionId: connection.id, method, pathTemplate: template, status, durationMs, at: clock.now() });
    }
  };

  return { finish, transmit, requestId: () => requestId };
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
