import { z } from 'zod';
import type { Actions, Connector, ConnectorDefinition, Triggers } from '../connector-definition.ts';
import { defineAction } from '../define-action.ts';
import { defineConnector } from '../define-connector.ts';
import { defineTrigger } from '../define-trigger.ts';
import { hmacSha256 } from '../signature-scheme.ts';

/** Reads; gives back what it gets. */
export const echo = defineAction({
  title: 'Echo',
  description: 'Gives back what it gets.',
  idempotency: 'read',
  scopes: ['echo:read', { scope: 'echo:all', reason: 'To hear everything.' }],
  paginated: true,
  input: z.strictObject({ text: z.string(), count: z.number().int().default(1) }),
  output: z.object({ text: z.string() }),
  async run({ input, warn }) {
    if (input.count > 1) warn('Only one echo was made.');
    return { text: input.text };
  },
});

/** Writes, and can be looked up. */
export const createThing = defineAction({
  title: 'Create thing',
  description: 'Creates a thing.',
  idempotency: 'reconcilable',
  settlesWithin: 1000,
  input: z.strictObject({ name: z.string() }),
  output: z.object({ id: z.string() }),
  run: async ({ key }) => ({ id: key.value }),
  reconcile: async ({ input, since }) => {
    if (input.name === 'lost') return { answer: 'absent' };
    return input.name === 'broken'
      ? { answer: 'found', output: JSON.parse('{"id":7}') }
      : { answer: 'found', output: { id: `${input.name}-${since}` } };
  },
});

/** Comes by webhook. */
export const thingCreated = defineTrigger({
  title: 'Thing created',
  description: 'A thing was created.',
  kind: 'created',
  delivery: 'webhook',
  payload: z.object({ id: z.number() }),
});

/** The definition that tests vary. */
export const sampleDefinition: ConnectorDefinition<string, Actions, Triggers> = {
  id: 'sample',
  name: 'Sample',
  description: 'A sample service.',
  version: '1.2.3',
  category: 'custom',
  auth: [{ type: 'bearer' }, { type: 'api_key', in: 'header', name: 'x-api-key', description: 'From the settings page.' }],
  origin: 'https://api.example.com',
  actions: { echo, create_thing: createThing },
  triggers: { 'thing.created': thingCreated },
  webhook: { scheme: hmacSha256({ header: 'X-Signature' }), deliveryId: 'x-delivery', toEvents: () => [] },
  healthCheck: async () => ({ healthy: true }),
};

/** A connector that differs from the sample as given. */
export function sampleConnector(changes: Partial<ConnectorDefinition<string, Actions, Triggers>> = {}): Connector {
  return defineConnector({ ...sampleDefinition, ...changes });
}

/** Like {@link sampleConnector}, for what the types forbid and plain JavaScript could hand in. */
export function crookedConnector(changes: object): Connector {
  return defineConnector({ ...sampleDefinition, ...changes });
}
