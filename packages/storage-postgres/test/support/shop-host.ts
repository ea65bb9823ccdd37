import { createHub, defineAction, defineConnector, type HubOptions, localKeys } from '@patchbay/core';
import type { Pool } from 'pg';
import { z } from 'zod';
import { postgresStorage } from '../../src/postgres-storage.ts';

const events = { 'order.placed': z.object({ number: z.string() }) };

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } });

/** A connector whose only action notes in this process what it was asked to. */
const notebook = (noted: string[]) =>
  defineConnector({
    id: 'notebook',
    name: 'Notebook',
    description: 'Notes what it is told.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: 'https://notebook.example.com',
    actions: {
      note: defineAction({
        title: 'Note',
        description: 'Notes a text.',
        idempotency: 'idempotent',
        input: z.strictObject({ text: z.string() }),
        output: z.object({}),
        async run({ input }) {
          noted.push(input.text);
          return {};
        },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });

/** A host with orders of its own: a hub on the pool, and what its automation has noted so far. */
export function openShop({
  pool,
  schema,
  worker,
}: { readonly pool: Pool; readonly schema: string } & Pick<HubOptions<[], never>, 'worker'>) {
  const noted: string[] = [];
  const storage = postgresStorage({ pool, schema });
  const hub = createHub({
    connectors: [notebook(noted)],
    storage,
    keys,
    events,
    publicUrl: 'https://shop.example.com/hub',
    ...(worker === undefined ? {} : { worker }),
  });
  const close = async (): Promise<void> => {
    await hub.stop();
    await storage.close();
  };
  return { hub, acme: hub.tenant('acme'), noted, close };
}

/** Has each order noted. */
export async function noteOrders({ acme }: Pick<ReturnType<typeof openShop>, 'acme'>): Promise<void> {
  await acme.connections.put('book', { connector: 'notebook', credential: { type: 'bearer', token: 'token-1' } });
  await acme.automations.put('orders', {
    trigger: { event: 'order.placed' },
    steps: [{ id: 'note', action: 'notebook.note', connection: 'book', input: { text: '{{ event.data.number }}' } }],
  });
}
