import { type Connector, defineAction, defineConnector, defineTrigger, hmacSha256, path } from '@patchbay/core';
import { z } from 'zod';

/** How a delivery is signed. */
export const effectsScheme = hmacSha256({ header: 'x-effects-signature' });

/** What both sides of a registration know. */
export const effectsSecret = 'a-secret-of-the-fault-tests';

const effect = z.object({ effect: z.number() });

/** What differs from process to process. */
export interface EffectsConnectorOptions {
  /** @default 'effects' */
  readonly id?: string;
  /** Address of the provider. */
  readonly origin: string;
  /** Name of this process, sent with each request. */
  readonly worker: string;
  /** Ends the process at once. */
  readonly die: () => void;
}

/** The connector of all fault tests: every action tells the provider which dispatch it belongs to and which process sent it. */
export function effectsConnector({ id = 'effects', origin, worker, die }: EffectsConnectorOptions): Connector {
  const input = z.strictObject({ subject: z.string() });
  const common = { title: 'Apply', description: 'Applies an effect.', input, output: effect, timeoutMs: 60_000 };
  return defineConnector({
    id,
    name: 'Effects',
    description: 'Stands for any service that honours idempotency keys.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin,
    actions: {
      apply: defineAction({
        ...common,
        idempotency: 'keyed',
        keyLifetime: Number.MAX_SAFE_INTEGER,
        run: ({ input: { subject }, http, key }) =>
          http.post(path`/effects/${subject}`, { json: { key: key.value, worker }, response: effect }),
      }),
      poison: defineAction({
        ...common,
        idempotency: 'read',
        async run() {
          die();
          return { effect: 0 };
        },
      }),
    },
    triggers: {
      ordered: defineTrigger({
        title: 'Ordered',
        description: 'Something was ordered.',
        kind: 'custom',
        delivery: 'webhook',
        payload: z.object({ number: z.number() }),
      }),
    },
    webhook: {
      scheme: effectsScheme,
      deliveryId: 'x-effects-delivery',
      toEvents: ({ body }) => [{ trigger: 'ordered' as const, data: body }],
    },
    healthCheck: async () => ({ healthy: true }),
  });
}
