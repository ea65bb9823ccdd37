import type { Considered, EventRecord, IngestItem, Payload } from '@patchbay/core/adapter';
import type { ByteArena } from '../structures/byte-arena.ts';

/** A payload as the store keeps it. */
export const keepPayload = (arena: ByteArena, { codec, bytes }: Payload): Payload => ({ codec, bytes: arena.keep(bytes) });

/** The event as the store keeps it: nothing in it belongs to the caller. */
export const keepEvent = (
  arena: ByteArena,
  event: NonNullable<IngestItem['event']>,
  considered: readonly Considered[],
  now: number,
): EventRecord => ({
  tenant: event.tenant,
  id: event.id,
  type: event.type,
  source: event.source,
  subject: event.subject,
  time: event.time,
  connection: event.connection,
  correlation: event.correlation,
  causation: event.causation,
  class: event.class,
  severity: event.severity,
  data: keepPayload(arena, event.data),
  original: event.original === null ? null : keepPayload(arena, event.original),
  ...(event.additions === undefined ? {} : { additions: keepPayload(arena, event.additions) }),
  receipt: event.receipt === null ? null : { ...event.receipt },
  considered,
  storedAt: now,
});
