import { type Connector, defineAction, defineConnector, defineTrigger, hmacSha256, type Schema } from '@patchbay/core';
import { z } from 'zod';

/** What a tenant can set for its lamps. */
export const lampConfiguration = z.strictObject({
  room: z.string().min(1).default('hall'),
  brightness: z.number().int().min(0).max(100).optional(),
  owner_note: z.string().optional().meta({ sensitive: true }),
});

/** What a tenant can have on or off. */
export const lampFlags = {
  dimming: { description: 'Dims the lamp slowly.' },
  night_mode: { description: 'Keeps it warm at night.', default: true },
} as const;

/** What the connector's code was given in one call. */
export interface LampCall {
  readonly at: 'light' | 'look' | 'reconcile' | 'health' | 'accepts';
  readonly configuration: object;
  readonly flags: Readonly<Record<string, boolean>>;
}

/** A hex HMAC over the body. */
export const lampScheme = hmacSha256({ header: 'x-lamp-signature' });

const text = { title: 'Lamp', description: 'Does something to a lamp.' };
const reads = { configuration: lampConfiguration, flags: lampFlags } as const;

/** A connector whose code reads what the tenant has set, and notes it. */
export function lampConnector(note: (call: LampCall) => void) {
  return defineConnector({
    id: 'lamp',
    name: 'Lamp',
    description: 'Lights rooms.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://lamp.example.com',
    ...reads,
    actions: {
      light: defineAction({
        ...text,
        ...reads,
        idempotency: 'keyed',
        keyLifetime: 86_400_000,
        input: z.strictObject({}),
        output: z.object({ room: z.string() }),
        async run({ configuration, flags }) {
          note({ at: 'light', configuration, flags });
          return { room: configuration.room };
        },
      }),
      look: defineAction({
        ...text,
        ...reads,
        idempotency: 'reconcilable',
        settlesWithin: 0,
        input: z.strictObject({}),
        output: z.object({}),
        async run({ configuration, flags }) {
          note({ at: 'look', configuration, flags });
          return Promise.reject(Object.assign(new Error('lost'), { name: 'Lost' }));
        },
        async reconcile({ configuration, flags }) {
          note({ at: 'reconcile', configuration, flags });
          return { answer: 'found', output: {} };
        },
      }),
    },
    triggers: {
      lit: defineTrigger({
        ...text,
        ...reads,
        kind: 'custom',
        delivery: 'webhook',
        payload: z.object({ room: z.string() }),
        accepts({ data, configuration, flags }) {
          note({ at: 'accepts', configuration, flags });
          return data.room === configuration.room;
        },
      }),
      broken: defineTrigger({ ...text, kind: 'custom', delivery: 'webhook', payload: z.object({}) }),
    },
    webhook: {
      scheme: lampScheme,
      deliveryId: 'x-lamp-delivery',
      toEvents: ({ body, headers }) => [{ trigger: headers['x-lamp-event'] === 'broken' ? 'broken' : 'lit', data: body }],
    },
    async healthCheck({ configuration, flags }) {
      note({ at: 'health', configuration, flags });
      return { healthy: true, message: configuration.room };
    },
  });
}

/** A connector of the same id with another configuration: what a later version might want. */
export function laterLamp(configuration: Schema | undefined): Connector {
  return defineConnector({
    id: 'lamp',
    name: 'Lamp',
    description: 'Lights rooms.',
    version: '1.1.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://lamp.example.com',
    ...(configuration === undefined ? {} : { configuration }),
    actions: {
      light: defineAction({
        ...text,
        idempotency: 'read',
        input: z.strictObject({}),
        output: z.json(),
        run: async () => ({}),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

/** A connector that has neither configuration nor flags. */
export const plainConnector = defineConnector({
  id: 'plain',
  name: 'Plain',
  description: 'Has nothing to set.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'none' }],
  origin: 'https://plain.example.com',
  actions: {
    act: defineAction({ ...text, idempotency: 'read', input: z.strictObject({}), output: z.object({}), run: async () => ({}) }),
  },
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});
