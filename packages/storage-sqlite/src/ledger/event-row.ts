import type { Considered, EventRecord, IngestItem } from '@patchbay/core/adapter';
import { insertInto } from '../sql/insert.ts';
import { bytes, number, optionalJson, optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { decodePayload, encodePayload } from './payload.ts';

/** Columns of an event. */
export const eventColumns = [
  'tenant',
  'id',
  'type',
  'source',
  'subject',
  'time',
  'connection',
  'correlation',
  'causation',
  'class',
  'severity',
  'registration',
  'delivery_id',
  'considered',
  'stored_at',
  'data',
  'original',
  'additions',
] as const;

const insert = insertInto('events', eventColumns, 'on conflict do nothing');

/** Stores an event. False, and nothing changes, where it is stored already. */
export function insertEvent(
  session: Session,
  event: NonNullable<IngestItem['event']>,
  considered: readonly Considered[],
  now: number,
): boolean {
  const { tenant, id, type, source, subject, time, connection, correlation, causation, severity, receipt, data, original, additions } =
    event;
  const names = [tenant, id, type, source, subject, time, connection, correlation, causation, event.class, severity] as const;
  const receiptParts = [receipt?.registration ?? null, receipt?.deliveryId ?? null] as const;
  const bodies = [encodePayload(data), original === null ? null : encodePayload(original)] as const;
  return (
    session.run(
      insert,
      ...names,
      ...receiptParts,
      JSON.stringify(considered),
      now,
      ...bodies,
      additions === undefined ? null : encodePayload(additions),
    ) > 0
  );
}

/** Reads an event. */
export function eventRecord(row: Row): EventRecord {
  const registration = optionalText(row, 'registration');
  const deliveryId = optionalText(row, 'delivery_id');
  return {
    tenant: text(row, 'tenant'),
    id: text(row, 'id'),
    type: text(row, 'type'),
    source: text(row, 'source'),
    subject: optionalText(row, 'subject'),
    time: number(row, 'time'),
    connection: optionalText(row, 'connection'),
    correlation: text(row, 'correlation'),
    causation: optionalText(row, 'causation'),
    class: text(row, 'class'),
    severity: text(row, 'severity'),
    data: decodePayload(bytes(row, 'data')),
    original: row['original'] === null ? null : decodePayload(bytes(row, 'original')),
    ...(row['additions'] === null ? {} : { additions: decodePayload(bytes(row, 'additions')) }),
    receipt: registration === null || deliveryId === null ? null : { registration, deliveryId },
    considered: optionalJson<Considered[]>(row, 'considered') ?? [],
    storedAt: number(row, 'stored_at'),
  };
}
