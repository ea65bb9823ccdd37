import { createHub, localKeys } from '@patchbay/core';
import { defineFunction, defineRecords } from '@patchbay/core/host';
import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } });
const invoice = z.object({ status: z.string() });

let test: TestSchema;
let books: ReturnType<typeof openBooks>;

/** A host with a table of invoices, and a hub whose automation notes what becomes of them. */
function openBooks() {
  const noted: string[] = [];
  const seen: unknown[] = [];
  const storage = postgresStorage({ pool: test.anotherPool(), schema: test.schema });
  const records = defineRecords({
    types: { invoice: { title: 'Invoice', schema: invoice, views: { late: {} } } },
    get: async () => null,
    inView({ data, transaction }) {
      seen.push(transaction);
      return data['status'] === 'late';
    },
  });
  const note = defineFunction({
    idempotency: 'idempotent',
    input: z.object({ text: z.string() }),
    output: z.object({}),
    run({ input }) {
      noted.push(input.text);
      return {};
    },
  });
  const hub = createHub({ connectors: [], storage, records, functions: { note }, keys, publicUrl: 'https://books.example.com/hub' });
  const close = async (): Promise<void> => {
    await hub.stop();
    await storage.close();
  };
  return { hub, acme: hub.tenant('acme'), noted, seen, close };
}

beforeAll(async () => {
  test = await createTestSchema();
  await test.pool.query(`create table ${test.schema}.invoices (id text primary key, status text not null, version int not null default 1)`);
});
beforeEach(async () => {
  books = openBooks();
  await books.acme.automations.put('note', {
    trigger: { record: { type: 'invoice', on: 'updated' } },
    steps: [{ id: 'note', action: 'host.note', input: { text: '{{ event.data.id }} {{ event.data.after.status }}' } }],
  });
  await test.pool.query(`insert into ${test.schema}.invoices (id, status) values ('1', 'new'), ('2', 'new')`);
});
afterEach(async () => {
  await books.close();
  await test.pool.query(`delete from ${test.schema}.invoices`);
  await test.clear();
});
afterAll(() => test.close());

/** Changes an invoice and tells of it, within a transaction of the host's. */
async function change(client: PoolClient, id: string, status: string): Promise<void> {
  const { rows: before } = await client.query(`select status from ${test.schema}.invoices where id = $1 for update`, [id]);
  const text = `update ${test.schema}.invoices set status = $2, version = version + 1 where id = $1 returning version::text`;
  const { rows: after } = await client.query(text, [id, status]);
  const { version } = after[0];
  await books.acme.records.changed({ type: 'invoice', id, before: before[0], after: { status }, version, transaction: client });
}

async function inTransaction(act: (client: PoolClient) => Promise<void>, word = 'commit'): Promise<void> {
  const client = await test.pool.connect();
  try {
    await client.query('begin');
    await act(client);
    await client.query(word);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

describe("a record's change in the host's transaction", () => {
  it('comes in when that commits, and starts its automation then', async () => {
    await inTransaction(async (client) => {
      await change(client, '1', 'sent');
      const { rows } = await client.query(`select in_order from ${test.schema}.event_marks`);
      expect(rows).toEqual([{ in_order: true }]);
      await books.hub.work();
      expect(books.noted).toEqual([]);
    });
    await books.hub.work();
    expect(books.noted).toEqual(['1 sent']);
  });

  it('was never there after a rollback, and can be told again with the same version', async () => {
    await inTransaction((client) => change(client, '1', 'sent'), 'rollback');
    await books.hub.work();
    expect(books.noted).toEqual([]);
    await inTransaction((client) => change(client, '1', 'paid'));
    await books.hub.work();
    expect(books.noted).toEqual(['1 paid']);
  });

  it('asks the adapter for its views with that transaction', async () => {
    let client: PoolClient | undefined;
    await inTransaction(async (own) => {
      client = own;
      await change(own, '1', 'late');
    });
    expect(books.seen).toEqual([client, client]);
    const { items } = await books.acme.events.list({ type: 'record.invoice.updated' });
    expect(items[0]?.event.data).toMatchObject({ entered: ['late'], left: [] });
  });

  it('is routed in the order of the changes of its record, whoever made them and however many route', async () => {
    const other = openBooks();
    for (const [index, status] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      await inTransaction((client) => change(client, '1', status));
      await inTransaction((client) => change(client, index % 2 === 0 ? '2' : '1', `${status}2`));
    }
    for (let turn = 0; turn < 6; turn += 1) await Promise.all([books.hub.work(), other.hub.work()]);
    const { rows } = await test.pool.query(`select count(*)::int as open from ${test.schema}.event_marks`);
    expect(rows).toEqual([{ open: 0 }]);
    const { items } = await books.acme.runs.list({ limit: 100 });
    expect(items.every(({ status }) => status === 'succeeded')).toBe(true);
    const both = [...books.noted, ...other.noted];
    expect(both).toHaveLength(12);
    // Each process notes in its own order, which is that of the record.
    const expected = ['a', 'b', 'b2', 'c', 'd', 'd2', 'e', 'f', 'f2'].map((status) => `1 ${status}`);
    for (const { noted } of [books, other]) {
      const own = noted.filter((text) => text.startsWith('1 '));
      expect(own).toEqual(expected.filter((text) => own.includes(text)));
    }
    await other.close();
  });
});
