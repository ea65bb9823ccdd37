import type { JsonObject } from '../json/json.ts';
import type { CompiledCondition } from '../rules/compile-condition.ts';
import type { RecordAdapter } from './record-adapter.ts';
import type { RecordChangeKind, RecordLink, RecordTypeDefinition } from './record-types.ts';

/** A type of the host's records, checked and compiled. */
export interface KnownRecordType {
  readonly name: string;
  readonly definition: RecordTypeDefinition;
  /** JSON Schema of a record. */
  readonly described: JsonObject;
  /** Names of a record's members, sorted. */
  readonly members: readonly string[];
  /** By name; `null` where the adapter is asked. */
  readonly views: ReadonlyMap<string, CompiledCondition | null>;
  readonly links: ReadonlyMap<string, RecordLink>;
}

/** The host's records as the hub knows them. */
export interface KnownRecords {
  readonly adapter: RecordAdapter;
  readonly types: ReadonlyMap<string, KnownRecordType>;
}

/** First segment of the types of all events of records. */
export const recordPrefix = 'record';

/** The type of the event of a change. */
export function recordEventType(type: string, kind: RecordChangeKind): string {
  return `${recordPrefix}.${type}.${kind}`;
}

const changeKinds: readonly RecordChangeKind[] = ['created', 'updated', 'deleted'];

/** Types of all events that the host's records can become. */
export function recordEventTypes(records: KnownRecords | null): readonly string[] {
  return [...(records?.types.keys() ?? [])].flatMap((type) => changeKinds.map((kind) => recordEventType(type, kind)));
}
