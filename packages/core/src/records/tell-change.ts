import type { Clock } from '../clock/clock.ts';
import { suggestion } from '../errors/closest-name.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import type { Publisher, PublishResult } from '../events/create-publisher.ts';
import { eventData } from '../events/event-data.ts';
import { hashJson } from '../events/hash-json.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { type CheckedChange, changeOf, type RepeatedChange } from './change-of.ts';
import { type KnownRecords, type KnownRecordType, recordEventType } from './known-records.ts';
import type { RecordPlace } from './record-adapter.ts';
import type { RecordEventData } from './record-types.ts';
import { viewsOf } from './views-of.ts';

/** What telling of changes needs. */
export interface TellOptions {
  readonly records: KnownRecords;
  readonly publisher: Publisher;
  readonly generateId: GenerateId;
  readonly clock: Pick<Clock, 'now'>;
}

/** A change of one record, and where it comes from. */
export interface Told {
  readonly place: RecordPlace;
  /** `null` for a new record. */
  readonly before: unknown;
  /** `null` for one that is gone. */
  readonly after: unknown;
  readonly version?: string | undefined;
  /** Milliseconds since 1970. @default now */
  readonly time?: number | undefined;
  /** The event that caused it, with the chain that it belongs to. @default none */
  readonly cause?: { readonly causation: string; readonly correlation: string } | undefined;
  /** What makes the same change the same event, where it has no version. @default nothing */
  readonly key?: string | undefined;
  /**
   * It is told by a try that was repeated, so that what the record was before may be how it is now: then it is told with these members as changed and
   * with nothing before. @default what has not changed is not told
   */
  readonly repeated?: RepeatedChange | undefined;
  /** The host's open transaction. @default none */
  readonly joined?: { readonly transaction: unknown } | null;
  readonly signal: AbortSignal;
}

/** What became of a change that was told; `unchanged` where nothing has changed, and nothing was published. */
export type TellResult = PublishResult | { readonly status: 'unchanged'; readonly eventId: null };

/** A type of records by its name. Throws `invalid_event` where none is declared. */
export function recordType({ types }: KnownRecords, name: string): KnownRecordType {
  const type = types.get(name);
  if (type) return type;
  const fault = `There is no record type ${String(name).slice(0, 64)}${suggestion(String(name), [...types.keys()])}`;
  throw new PatchbayError({ code: 'invalid_event', message: `${fault}. Declare it in createHub({ records: { types } }).` });
}

/**
 * Publishes the change of a record as an event. Changes of one record that are told one after another are routed in that order. With a
 * version the same change makes one event, however often it is told. Throws `invalid_event`, and `conflict` for a version that was told with other data.
 */
export async function tellChange(options: TellOptions, told: Told): Promise<TellResult> {
  const { publisher, generateId, clock } = options;
  const { place, joined = null } = told;
  const { tenant } = place;
  const type = recordType(options.records, place.type);
  const change = await changeOf(type, told);
  if (change === null) return { status: 'unchanged', eventId: null };
  const content = await contentOf(options.records, type, { told, change });
  const eventType = recordEventType(type.name, change.kind);
  const { bytes, data } = eventData(content, `The data of ${eventType}`);
  const event = buildEvent({
    tenant,
    id: generateId(),
    type: eventType,
    time: told.time ?? Math.floor(clock.now()),
    subject: `${type.name}/${place.id}`,
    ...told.cause,
    class: 'record',
    severity: 'info',
    data: bytes,
  });
  const publication = { event, dedupe: dedupeOf(told, change) };
  if (joined !== null) return publisher.join({ ...publication, inOrder: true }, joined.transaction);
  return publisher.publish({ ...publication, data });
}

interface Known {
  readonly told: Told;
  readonly change: CheckedChange;
}

async function contentOf(records: KnownRecords, type: KnownRecordType, { told, change }: Known): Promise<RecordEventData> {
  const { place, version = null, signal, joined } = told;
  const { before, after, changed } = change;
  const question = { place, signal, ...joined };
  const was = await viewsOf(records, type, before, question);
  const is = await viewsOf(records, type, after, question);
  const entered = [...is].filter((view) => !was.has(view)).sort();
  const left = [...was].filter((view) => !is.has(view)).sort();
  return { type: type.name, id: place.id, version, before, after, changed, entered, left };
}

/** A deletion has the version that the record had last, so its kind is part of the key. */
function dedupeOf({ place, version, key }: Told, { kind, after }: CheckedChange): { key: string; hash: string | null } | null {
  const of = `${place.type}/${place.id}`;
  if (version !== undefined) return { key: `record:${kind}:${of}@${version}`, hash: hashJson(after) };
  return key === undefined ? null : { key: `record-action:${key}`, hash: null };
}
