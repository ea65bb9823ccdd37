import { z } from 'zod';
import type { Connector } from './connector-definition.ts';
import { defineAction } from './define-action.ts';
import { defineConnector } from './define-connector.ts';
import { defineTrigger } from './define-trigger.ts';
import { hmacSha256 } from './signature-scheme.ts';

const echo = defineAction({
  title: 'Echo',
  description: 'Gives back what it gets.',
  idempotency: 'read',
  input: z.strictObject({ text: z.string(), times: z.number().optional() }),
  output: z.object({ text: z.string() }),
  async run({ input, http, key, signal }) {
    const text: string = input.text;
    const times: number | undefined = input.times;
    void [http, key.value, signal.aborted, times];
    return { text };
  },
});

defineAction({
  title: 'Wrong output',
  description: 'Returns a number where text is declared.',
  idempotency: 'read',
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  // @ts-expect-error the output is not what the schema declares
  async run({ input }) {
    return { text: input.text.length };
  },
});

defineAction({
  title: 'Wrong input',
  description: 'Reads a field that the input does not have.',
  idempotency: 'read',
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  async run({ input }) {
    // @ts-expect-error the input has no such field
    return { text: input.title };
  },
});

// @ts-expect-error a reconcilable action says how it is looked up
defineAction({
  title: 'No reconcile',
  description: 'Says it can be looked up and does not say how.',
  idempotency: 'reconcilable',
  input: z.object({}),
  output: z.object({}),
  async run() {
    return {};
  },
});

const opened = defineTrigger({
  title: 'Opened',
  description: 'Something was opened.',
  kind: 'created',
  delivery: 'webhook',
  payload: z.object({ id: z.number() }),
});

const sample = defineConnector({
  id: 'sample',
  name: 'Sample',
  description: 'A sample.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://api.example.com',
  actions: { echo },
  triggers: { opened },
  webhook: {
    scheme: hmacSha256({ header: 'x-signature' }),
    deliveryId: 'x-delivery',
    toEvents: ({ body }) => [{ trigger: 'opened', data: body }],
  },
  healthCheck: async () => ({ healthy: true }),
});

// A specific connector goes where any connector is taken.
const anyConnector: Connector = sample;
void anyConnector;
const id: 'sample' = sample.id;
void id;

defineConnector({
  id: 'sample',
  name: 'Sample',
  description: 'A sample.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://api.example.com',
  actions: { echo },
  triggers: { opened },
  webhook: {
    scheme: hmacSha256({ header: 'x-signature' }),
    deliveryId: 'x-delivery',
    // @ts-expect-error there is no such trigger
    toEvents: ({ body }) => [{ trigger: 'closed', data: body }],
  },
  healthCheck: async () => ({ healthy: true }),
});

const within = z.strictObject({ owner: z.string(), place: z.object({ lists: z.array(z.string()) }).optional() });

// Fields of the input are known by their paths.
defineAction({
  title: 'Confinable',
  description: 'Names what it touches.',
  idempotency: 'read',
  resources: { list: [{ fields: ['place.lists'] }, { fields: ['owner'], within: '(.+)/.+' }], owner: 'untouched' },
  input: within,
  output: z.object({}),
  run: async () => ({}),
});

defineAction({
  title: 'Wrong field',
  description: 'Names a field that its input does not have.',
  idempotency: 'read',
  // @ts-expect-error the input has no such field
  resources: { list: [{ fields: ['place.list'] }] },
  input: within,
  output: z.object({}),
  run: async () => ({}),
});

defineTrigger({
  title: 'Wrong field',
  description: 'Names a field that its payload does not have.',
  kind: 'created',
  delivery: 'webhook',
  // @ts-expect-error the payload has no such field
  resources: { list: [{ fields: ['list'] }] },
  payload: z.object({ id: z.number() }),
});
