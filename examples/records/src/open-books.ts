import type { JsonObject } from '@patchbay/core';
import { defineRecords, type HostRecord, type RecordChange } from '@patchbay/core/host';
import type { ClientBase, Pool } from 'pg';
import { recordTypes } from './record-types.ts';
import { addRow, dropRow, type RecordType, readRow, setRow } from './rows.ts';

/** Tells the hub of a change within the transaction in which it is made. */
export type Tell = (tenant: string, change: RecordChange<RecordType> & { readonly transaction: ClientBase }) => Promise<unknown>;

/** Whose record is written, and why. */
export interface Write {
  readonly tenant: string;
  readonly type: RecordType;
  /** The event that caused it; `null` where a person did. */
  readonly causation: string | null;
}

/**
 * The host's books: what its own code does to them, and the same for the hub. Whoever writes, each write tells of itself in its own transaction.
 */
export function openBooks({ pool, tell, wake }: { readonly pool: Pool; readonly tell: Tell; readonly wake: () => Promise<void> }) {
  const inTransaction = async <Result>(act: (client: ClientBase) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const result = await act(client);
      await client.query('commit');
      client.release();
      await wake();
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      client.release(true);
      throw error;
    }
  };
  const told = async (client: ClientBase, { tenant, type, causation }: Write, before: HostRecord | null, after: HostRecord | null) => {
    const { id = '', version } = after ?? before ?? {};
    const change = { type, id, before: before?.data ?? null, after: after?.data ?? null, causation, transaction: client };
    await tell(tenant, version ? { ...change, version } : change);
  };

  const add = (write: Write, data: JsonObject, key: string | null = null) =>
    inTransaction(async (client) => {
      const { record, isNew } = await addRow(client, { ...write, data, key });
      if (isNew) await told(client, write, null, record);
      return record;
    });
  /** Changes a row, or deletes it where `data` is `null`. */
  const change = (write: Write & { readonly id: string; readonly expectedVersion: string | null }, data: JsonObject | null) =>
    inTransaction(async (client) => {
      const before = await readRow(client, write, true);
      if (before === null) return { status: 'missing' as const };
      if (write.expectedVersion !== null && write.expectedVersion !== before.version) return { status: 'conflict' as const };
      const after = data === null ? null : await setRow(client, write, data);
      if (after === null) await dropRow(client, write);
      await told(client, write, before, after);
      return { status: 'done' as const, before, after };
    });

  const adapter = defineRecords({
    types: recordTypes,
    writesToldBy: 'adapter',
    versions: true,
    keyLifetimeMs: Number.POSITIVE_INFINITY, // the key stands in the row
    get: ({ tenant, type, id }) => readRow(pool, { tenant, type: known(type), id }),
    async create({ type, data, key, ...call }) {
      const record = await add({ ...call, type: known(type) }, data, key);
      return { status: 'written', record, before: null };
    },
    async update({ type, data, ...call }) {
      const result = await change({ ...call, type: known(type) }, data);
      if (result.status !== 'done' || result.after === null) return { status: result.status === 'conflict' ? 'conflict' : 'missing' };
      return { status: 'written', record: result.after, before: result.before };
    },
    async delete({ type, ...call }) {
      const result = await change({ ...call, type: known(type) }, null);
      return result.status === 'done' ? { status: 'deleted', before: result.before } : { status: result.status };
    },
    async link({ tenant, id, to }) {
      // The foreign keys say whether both are there, and are of this tenant.
      const text = 'insert into invoice_reminders (tenant, invoice_id, reminder_id) values ($1, $2, $3) on conflict do nothing';
      try {
        await pool.query(text, [tenant, id, to.id]);
        return { status: 'linked' };
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === '23503') return { status: 'missing' };
        throw error;
      }
    },
  });
  return { adapter, add, change };
}

/** The hub asks for declared types alone. */
function known(type: string): RecordType {
  if (Object.hasOwn(recordTypes, type)) return type as RecordType;
  throw new Error(`There is no table of ${type}.`);
}
