import { type Connector, defineConnector, defineTrigger, hmacSha256, type Json, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';

/** What a delivery of the bell may say. Without `events` the body itself is one ring. */
const outline = z.object({
  account: z.string().optional(),
  challenge: z.string().optional(),
  events: z
    .array(z.object({ trigger: z.string(), data: z.json(), subject: z.string().optional(), time: z.number().optional() }))
    .optional(),
});

const rung = defineTrigger({
  title: 'Rung',
  description: 'The bell was rung.',
  kind: 'custom',
  delivery: 'webhook',
  payload: z.object({ tone: z.string() }),
});

/** A hex HMAC over the body. */
export const bellScheme = hmacSha256({ header: 'x-bell-signature' });

/** What differs from bell to bell. `accounts` gives it one URL per app. */
export interface BellOptions {
  /** @default 'bell' */
  readonly id?: string;
  readonly accounts?: boolean;
  /** Its connections can be confined to tones, which a ring names. @default false */
  readonly confinable?: boolean;
  readonly webhook?: Partial<WebhookDeclaration>;
}

/** A connector that only receives: each delivery is a ring unless it says otherwise. */
export function bellConnector(options: BellOptions = {}): Connector {
  const webhook: WebhookDeclaration = {
    scheme: bellScheme,
    deliveryId: 'x-bell-delivery',
    toEvents: ({ body }) => outline.safeParse(body).data?.events?.map(toEvent) ?? [{ trigger: 'rung', data: body }],
    handshake({ body }) {
      const challenge = outline.safeParse(body).data?.challenge;
      return challenge === undefined ? undefined : { status: 200, contentType: 'text/plain', body: challenge };
    },
    ...(options.accounts ? { accountOf: ({ body }) => outline.safeParse(body).data?.account } : {}),
    ...options.webhook,
  };
  return defineConnector({
    id: options.id ?? 'bell',
    name: 'Bell',
    description: 'Rings.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://bell.example.com',
    actions: {},
    ...(options.confinable ? { resources: { tone: { title: 'Tone', example: 'c', pattern: '[a-h]', letters: 'lower' } } } : {}),
    triggers: {
      rung: options.confinable ? { ...rung, resources: { tone: [{ fields: ['tone'] }] } } : rung,
      muted: { ...rung, title: 'Muted' },
      wound: { ...rung, title: 'Wound', ...(options.confinable ? { resources: { tone: 'untouched' } } : {}) },
    },
    // The trigger of an event is whatever a delivery says: what the connector does not declare is the hub's to refuse.
    webhook: webhook as WebhookDeclaration<'rung' | 'muted' | 'wound'>,
    healthCheck: async () => ({ healthy: true }),
  });
}

function toEvent({
  trigger,
  data,
  subject,
  time,
}: {
  trigger: string;
  data: Json;
  subject?: string | undefined;
  time?: number | undefined;
}) {
  return { trigger, data, ...(subject === undefined ? {} : { subject }), ...(time === undefined ? {} : { time }) };
}
