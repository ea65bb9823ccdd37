import type { Considered, EventRecord } from '@patchbay/core/adapter';
import { number, optionalJson, optionalText, type Row, text } from '../row.ts';
import type { Column } from '../sql/columns.ts';
import { type Slice, sliceColumns } from '../sql/pack.ts';
import { decodePayload } from './payload.ts';

/** An event as ingest takes it. */
export type NewEvent = Omit<EventRecord, 'storedAt' | 'considered'>;

/** An event on its way in, with its large values in the pack. */
export interface PackedEvent {
  readonly event: NewEvent;
  readonly data: Slice | null;
  readonly original: Slice | null;
  readonly additions: Slice | null;
  readonly considered: Slice | null;
}

/** Columns of the events of a batch; an item without one has nulls. */
export const eventColumns = <Item>(of: (item: Item) => PackedEvent | null): readonly Column<Item>[] => [
  ['type', 'text', (item) => of(item)?.event.type ?? null],
  ['source', 'text', (item) => of(item)?.event.source ?? null],
  ['subject', 'text', (item) => of(item)?.event.subject ?? null],
  ['time_ms', 'float8', (item) => of(item)?.event.time ?? null],
  ['connection', 'text', (item) => of(item)?.event.connection ?? null],
  ['correlation', 'text', (item) => of(item)?.event.correlation ?? null],
  ['causation', 'text', (item) => of(item)?.event.causation ?? null],
  ['class', 'text', (item) => of(item)?.event.class ?? null],
  ['severity', 'text', (item) => of(item)?.event.severity ?? null],
  ['registration', 'text', (item) => of(item)?.event.receipt?.registration ?? null],
  ['delivery_id', 'text', (item) => of(item)?.event.receipt?.deliveryId ?? null],
  ...sliceColumns<Item>('data', (item) => of(item)?.data ?? null),
  ...sliceColumns<Item>('original', (item) => of(item)?.original ?? null),
  ...sliceColumns<Item>('additions', (item) => of(item)?.additions ?? null),
  ...sliceColumns<Item>('considered', (item) => of(item)?.considered ?? null),
];

/** Select list of an event, for {@link eventRecord}. Bodies come as hexadecimal text, whatever the session's `bytea_output` is. */
export const eventRecordColumns = (schema: string, alias: string): string =>
  [
    ...'tenant id type source subject connection correlation causation class severity registration delivery_id considered'
      .split(' ')
      .map((name) => `${alias}.${name}`),
    `${schema}.millis(${alias}.time) as time_ms`,
    `${schema}.millis(${alias}.stored_at) as stored_at`,
    `encode(${alias}.data, 'hex') as data`,
    `encode(${alias}.original, 'hex') as original`,
    `encode(${alias}.additions, 'hex') as additions`,
  ].join(', ');

/** Reads an event from a row of {@link eventRecordColumns}. */
export function eventRecord(row: Row): EventRecord {
  const original = optionalText(row, 'original');
  const additions = optionalText(row, 'additions');
  const registration = optionalText(row, 'registration');
  return {
    tenant: text(row, 'tenant'),
    id: text(row, 'id'),
    type: text(row, 'type'),
    source: text(row, 'source'),
    subject: optionalText(row, 'subject'),
    time: number(row, 'time_ms'),
    connection: optionalText(row, 'connection'),
    correlation: text(row, 'correlation'),
    causation: optionalText(row, 'causation'),
    class: text(row, 'class'),
    severity: text(row, 'severity'),
    data: decodePayload(text(row, 'data')),
    original: original === null ? null : decodePayload(original),
    ...(additions === null ? {} : { additions: decodePayload(additions) }),
    receipt: registration === null ? null : { registration, deliveryId: text(row, 'delivery_id') },
    considered: optionalJson<readonly Considered[]>(row, 'considered') ?? [],
    storedAt: number(row, 'stored_at'),
  };
}
