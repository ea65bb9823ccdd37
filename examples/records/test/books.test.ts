import type { JsonObject } from '@patchbay/core';
import { createPostgresServer } from '@patchbay/postgres-server';
import { describeRecordAdapter, type RecordSubject, type SeenTelling } from '@patchbay/testing';
import pg from 'pg';
import { openHub } from '../src/open-hub.ts';
import type { RecordType } from '../src/rows.ts';
import { tables } from '../src/tables.ts';

// The hub's contract, held against the host's own tables.
describeRecordAdapter('of the books', ['invoice', 'customer', 'reminder'], async (): Promise<RecordSubject> => {
  const server = await createPostgresServer({ major: 18, settings: { fsync: 'off' } });
  await server.start();
  const pool = new pg.Pool({ connectionString: server.url });
  await pool.query(tables);
  const { hub, books } = openHub(pool);
  await hub.start({ migrate: true });
  const person = (tenant: string) => ({ tenant, causation: null });
  const customers = new Map<string, string>();
  for (const tenant of ['acme', 'other']) {
    const { id } = await books.add({ ...person(tenant), type: 'customer' }, { name: 'Ada', standing: 'good' });
    customers.set(tenant, id);
  }
  let count = 0;
  return {
    adapter: books.adapter,
    samples: [
      { type: 'invoice', create: () => ({ number: `R-${++count}`, total: 500, status: 'open', customer: customers.get('acme') ?? '' }) },
      { type: 'customer', create: () => ({ name: `Ada ${++count}`, standing: 'good' }), update: { standing: 'late' } },
      { type: 'reminder', create: () => ({ text: `Call ${++count}` }) },
    ],
    tenants: ['acme', 'other'],
    make: async (tenant, type, data: JsonObject) => (await books.add({ ...person(tenant), type: type as RecordType }, data)).id,
    async cause(tenant) {
      const told = { type: 'customer', id: `cause-${++count}`, before: null, after: { name: 'Ada', standing: 'good' } } as const;
      return (await hub.tenant(tenant).records.changed(told)).eventId ?? '';
    },
    async told(tenant, type, id) {
      const { items } = await hub.tenant(tenant).events.list({ limit: 500 });
      const own = items.filter(({ event }) => event.subject === `${type}/${id}`).reverse();
      return own.map(({ event }) => ({ kind: event.type.split('.')[2] as SeenTelling['kind'], causation: event.causation ?? null }));
    },
    async close() {
      await hub.stop();
      await pool.end();
      await server.remove();
    },
  };
});
