import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import type { LogFields } from '../../logger/logger.ts';
import { silentLogger } from '../../logger/logger.ts';
import type { InboundRequest } from '../../webhooks/inbound/receive.ts';
import type { HttpOptions } from '../receive-webhook.ts';

/** A hub's HTTP side over a receiver that writes down what reaches it. */
export interface Recording {
  readonly options: HttpOptions;
  readonly received: {
    readonly connector: string;
    readonly registration: string | null;
    readonly headers: object;
    readonly text: string;
  }[];
  readonly errors: (LogFields | undefined)[];
}

const accepted: WebhookAnswer = { status: 202, contentType: 'text/plain', body: '' };

/** Options mounted under `/hub` with a limit of 1,000 bytes, whose receiver answers 202 unless told otherwise. */
export function recordingOptions(given: Partial<HttpOptions> & { readonly answer?: () => Promise<WebhookAnswer> } = {}): Recording {
  const { answer = async () => accepted, ...changed } = given;
  const received: Recording['received'] = [];
  const errors: Recording['errors'] = [];
  const receive = ({ connector, registration, headers, body }: InboundRequest): Promise<WebhookAnswer> => {
    received.push({ connector, registration, headers, text: new TextDecoder().decode(body) });
    return answer();
  };
  const logger = { ...silentLogger, error: (_message: string, fields?: LogFields) => errors.push(fields) };
  return {
    received,
    errors,
    options: { basePath: '/hub', maximumBodyBytes: 1_000, ready: async () => undefined, receive, logger, ...changed },
  };
}
