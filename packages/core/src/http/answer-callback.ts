import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';
import type { HttpCall, HttpReply } from './http-call.ts';
import type { CallbackRoute } from './match-route.ts';

/** What answering a callback needs. */
export interface CallbackOptions {
  readonly ready: () => Promise<void>;
  readonly receiveCallback: (callback: { readonly app: string; readonly query: string }) => Promise<{ readonly location: string }>;
  readonly logger: Logger;
}

/** The address of a callback holds a code: nobody keeps the answer, nobody is told where it came from, and nothing in it is run. */
const headers = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Answers a browser that comes back from an authorization server: it is sent on to the host's own page, or told what to do. */
export async function answerCallback(options: CallbackOptions, { app }: CallbackRoute, call: HttpCall): Promise<HttpReply> {
  if (call.method !== 'GET') return { status: 405, headers: { ...headers, allow: 'GET' }, body: 'Only GET.' };
  try {
    await options.ready();
    const { location } = await options.receiveCallback({ app, query: call.query });
    return { status: 303, headers: { ...headers, location }, body: '' };
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'connect_failed') return { status: 400, headers, body: error.message };
    const { code, message } = toErrorRecord(error);
    options.logger.error('an answer of an authorization server could not be taken in', { code, reason: message });
    return {
      status: 503,
      headers: { ...headers, 'retry-after': '1' },
      body: 'Connecting does not work at the moment. Begin again in a while.',
    };
  }
}
