import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import type { LogFields } from '../../logger/logger.ts';
import { silentLogger } from '../../logger/logger.ts';
import { createManualClock, type ManualClock } from '../../net/__fixtures__/manual-clock.ts';
import type { InboundRequest } from '../../webhooks/inbound/inbound-request.ts';
import { createBodyRoom } from '../create-body-room.ts';
import type { HttpOptions } from '../receive-webhook.ts';

/** A hub's HTTP side over a receiver that writes down what reaches it. */
export interface Recording {
  readonly options: HttpOptions;
  readonly clock: ManualClock;
  readonly received: {
    readonly connector: string;
    readonly registration: string | null;
    readonly headers: object;
    readonly text: string;
  }[];
  readonly errors: (LogFields | undefined)[];
}

/** What differs from recording to recording. */
export type RecordingChanges = Partial<HttpOptions> & {
  readonly answer?: () => Promise<WebhookAnswer>;
  readonly maximumBodyBytes?: number;
};

const accepted: WebhookAnswer = { status: 202, contentType: 'text/plain', body: '' };

const proxies = { trusted: 0, header: 'x-forwarded-for' } as const;

const noForm = async () => ({ status: 404, contentType: 'text/plain', body: '' });

const noCallback = async () => ({ location: 'https://host.example.com/' });

/** Options mounted under `/hub` with a limit of 1,000 bytes, whose receiver reads the body and answers 202 unless told otherwise. */
export function recordingOptions(given: RecordingChanges = {}): Recording {
  const { answer = async () => accepted, maximumBodyBytes = 1_000, ...changed } = given;
  const clock = createManualClock();
  const received: Recording['received'] = [];
  const errors: Recording['errors'] = [];
  const receive = async ({ connector, registration, headers, readBody }: InboundRequest): Promise<WebhookAnswer> => {
    received.push({ connector, registration, headers, text: new TextDecoder().decode(await readBody()) });
    return answer();
  };
  const logger = { ...silentLogger, error: (_message: string, fields?: LogFields) => errors.push(fields) };
  const bodies = createBodyRoom({ clock, maximumBodyBytes });
  return {
    received,
    clock,
    errors,
    options: {
      basePath: '/hub',
      bodies,
      proxies,
      ready: async () => undefined,
      receive,
      receiveForm: noForm,
      receiveCallback: noCallback,
      logger,
      ...changed,
    },
  };
}
