import type { WebhookAnswer } from '../connector/webhook-declaration.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';
import type { InboundRequest } from '../webhooks/inbound/receive.ts';
import type { HttpCall, HttpReply } from './http-call.ts';
import { matchRoute } from './match-route.ts';
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

/** Answers a call; `null` where the path is none of the hub's. Never throws. */
export async function handleCall(options: HttpOptions, call: HttpCall): Promise<HttpReply | null> {
  const route = matchRoute(options.basePath, call.pathname);
  if (!route) return null;
  if (call.method !== 'POST') return { status: 405, headers: { ...text, allow: 'POST' }, body: 'Only POST.' };
  const encoding = call.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return { status: 415, headers: text, body: 'Send the body without compression.' };
  try {
    await options.ready();
    const body = await call.readBody(options.maximumBodyBytes);
    const { connector, registration } = route;
    const answer = await options.receive({ connector, registration, headers: call.headers, body });
    return { status: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body };
  } catch (error) {
    const reply = replyOfError(error);
    if (reply.status >= 500)
      options.logger.error('a webhook could not be taken in', {
        code: isPatchbayError(error) ? error.code : 'internal',
        status: reply.status,
      });
    return reply;
  }
}
