import { toErrorRecord } from '../errors/error-record.ts';
import type { Logger } from '../logger/logger.ts';
import type { DoorAnswer } from '../webhooks/inbound/door/door-answer.ts';
import type { FormRequest } from '../webhooks/inbound/forms/receive-form.ts';
import type { InboundRequest } from '../webhooks/inbound/inbound-request.ts';
import { answerCallback } from './answer-callback.ts';
import { bodyTooLarge } from './body-errors.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import type { BodyPlace, BodyRoom } from './create-body-room.ts';
import type { HttpCall, HttpReply } from './http-call.ts';
import { type FormRoute, type HookRoute, matchRoute, type WebhookRoute } from './match-route.ts';
import { onlyPost, replyOfError } from './reply-of-error.ts';

/** What the HTTP side needs. */
export interface HttpOptions {
  /** Path of `publicUrl`, without a trailing slash. */
  readonly basePath: string;
  /** Where bodies are read; one for all handlers of a hub. */
  readonly bodies: BodyRoom;
  /** Whose word about a sender's address is taken. */
  readonly proxies: TrustedProxies;
  readonly ready: () => Promise<void>;
  readonly receive: (request: InboundRequest) => Promise<DoorAnswer>;
  readonly receiveForm: (request: FormRequest) => Promise<DoorAnswer>;
  /** Takes in what a browser brings back from an authorization server. */
  readonly receiveCallback: (callback: { readonly app: string; readonly query: string }) => Promise<{ readonly location: string }>;
  readonly logger: Logger;
}

const text = { 'content-type': 'text/plain; charset=utf-8' };

/** Deliveries, and what is asked before there are any. */
const methods: ReadonlySet<string> = new Set(['POST', 'GET', 'OPTIONS']);

/** Answers a call; `null` where the path is none of the hub's. Throws only what the host's logger throws. */
export async function handleCall(options: HttpOptions, call: HttpCall): Promise<HttpReply | null> {
  const route = matchRoute(options.basePath, call);
  if (!route) return null;
  if (route.route === 'callback') return answerCallback(options, route, call);
  if (!methods.has(call.method)) return onlyPost;
  const encoding = call.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return { status: 415, headers: text, body: 'Send the body without compression.' };
  const place = options.bodies.enter();
  try {
    checkLength(call, options.bodies);
    await options.ready();
    const answer = await answerOf(options, route, call, place);
    return { status: answer.status, headers: { 'content-type': answer.contentType, ...answer.headers }, body: answer.body };
  } catch (error) {
    const reply = replyOfError(error);
    if (reply.status >= 500) {
      const { code, message } = toErrorRecord(error);
      options.logger.error('a webhook could not be taken in', { code, status: reply.status, reason: message });
    }
    return reply;
  } finally {
    place.leave();
  }
}

function answerOf(
  options: HttpOptions,
  route: WebhookRoute | HookRoute | FormRoute,
  call: HttpCall,
  place: BodyPlace,
): Promise<DoorAnswer> {
  const { method, query, headers } = call;
  const address = clientAddress(options.proxies, call);
  const given = { method, query, headers, address, readBody: () => readInto(place, call) };
  if (route.route === 'form') return options.receiveForm({ ...given, form: route.form });
  return options.receive({ ...given, ...addresseeOf(route), target: targetOf(route, call) });
}

/** Path below the public address, and query, as services sign them. The segments are those that the route was found by. */
function targetOf(route: WebhookRoute | HookRoute, { query }: HttpCall): string {
  const { connector, registration, receiver } = addresseeOf(route);
  const path = receiver === undefined ? `/webhooks/${connector}${registration === null ? '' : `/${registration}`}` : `/hooks/${receiver}`;
  return `${path}${query === '' ? '' : `?${query}`}`;
}

/** Whom a request is for. A receiver has no connector. */
function addresseeOf(route: WebhookRoute | HookRoute): Pick<InboundRequest, 'connector' | 'registration' | 'receiver'> {
  if (route.route === 'hook') return { connector: '', registration: null, receiver: route.receiver };
  return { connector: route.connector, registration: route.registration };
}

/** Refuses a body by the length that it is said to have, for every URL alike: it says nothing of what is behind it. */
function checkLength({ headers }: HttpCall, { maximumBodyBytes }: BodyRoom): void {
  if (Number(headers['content-length'] ?? 0) > maximumBodyBytes) throw bodyTooLarge(maximumBodyBytes);
}

async function readInto(place: BodyPlace, call: HttpCall): Promise<Uint8Array> {
  try {
    return await call.readBody(place);
  } finally {
    place.complete();
  }
}
