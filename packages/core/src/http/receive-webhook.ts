import type { WebhookAnswer } from '../connector/webhook-declaration.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { Logger } from '../logger/logger.ts';
import type { InboundRequest } from '../webhooks/inbound/receive.ts';
import type { HttpCall, HttpReply } from './http-call.ts';
import { matchRoute, type WebhookRoute } from './match-route.ts';
import { replyOfError } from './reply-of-error.ts';

/** What the HTTP side needs. */
export interface HttpOptions {
  /** Path of `publicUrl`, without a trailing slash. */
  readonly basePath: string;
  /** Largest body that is read, bytes. */
  readonly maximumBodyBytes: number;
  readonly ready: () => Promise<void>;
  readonly receive: (request: InboundRequest) => Promise<WebhookAnswer>;
  readonly logger: Logger;
}

const text = { 'content-type': 'text/plain; charset=utf-8' };

/** Answers a call; `null` where the path is none of the hub's. Throws only what the host's logger throws. */
export async function handleCall(options: HttpOptions, call: HttpCall): Promise<HttpReply | null> {
  const route = routeOf(options, call);
  if (!route) return null;
  if (call.method !== 'POST') return { status: 405, headers: { ...text, allow: 'POST' }, body: 'Only POST.' };
  const encoding = call.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return { status: 415, headers: text, body: 'Send the body without compression.' };
  try {
    await options.ready();
    const body = await call.readBody(options.maximumBodyBytes);
    const { connector, registration } = route;
    const answer = await options.receive({ connector, registration, headers: call.headers, body });
    return { status: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body };
  } catch (error) {
    const reply = replyOfError(error);
    if (reply.status >= 500) {
      const { code, message } = toErrorRecord(error);
      options.logger.error('a webhook could not be taken in', { code, status: reply.status, reason: message });
    }
    return reply;
  }
}

function routeOf({ basePath }: HttpOptions, { paths }: HttpCall): WebhookRoute | null {
  for (const path of paths) {
    const route = matchRoute(basePath, path);
    if (route) return route;
  }
  return null;
}
