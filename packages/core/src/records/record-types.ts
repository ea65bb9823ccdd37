import type { Schema, SchemaOutput } from '../connector/schema.ts';
import type { Condition } from '../rules/condition.ts';

/** A view of a type: the records for which something holds. */
export interface RecordView {
  /** For people. */
  readonly title?: string;
  /** Over `record`, its data. Absent: the adapter's `inView` is asked. */
  readonly when?: Condition;
}

/** A kind of join between two records. */
export interface RecordLink {
  /** For people. */
  readonly title?: string;
  /** Type of the record at the other end. */
  readonly to: string;
}

/** A type of the host's records. What is not declared here, no automation can do. */
export interface RecordTypeDefinition {
  /** For people, such as `Invoice`. */
  readonly title: string;
  /** For people. */
  readonly description?: string;
  /** A record as automations see it. What it leaves out, they do not see. It must be able to say itself as JSON Schema of an object. */
  readonly schema: Schema;
  /** What `record.create` may be given. @default records of this type are not created by automations */
  readonly create?: Schema;
  /** What `record.update` may be given; usually every member is optional. @default they are not updated by automations */
  readonly update?: Schema;
  /** True lets automations delete them. @default false */
  readonly delete?: boolean;
  /** What `record.link` may join them by, by name. @default nothing */
  readonly links?: Readonly<Record<string, RecordLink>>;
  /** Views that they can enter, by name. @default none */
  readonly views?: Readonly<Record<string, RecordView>>;
}

/** Types of records by name. */
export type RecordTypes = Readonly<Record<string, RecordTypeDefinition>>;

/** What has happened to a record. */
export type RecordChangeKind = 'created' | 'updated' | 'deleted';

/** The data of a record's event. */
export interface RecordEventData<Data = unknown, View extends string = string> {
  readonly type: string;
  readonly id: string;
  /** After the change; `null` where the host has none. */
  readonly version: string | null;
  /** `null` for a new record, and where nobody knows any more what it was. */
  readonly before: Data | null;
  /** `null` for one that is gone. */
  readonly after: Data | null;
  /** Members whose value is another than before, sorted. */
  readonly changed: readonly string[];
  /** Views that it is in now and was not in before, sorted. */
  readonly entered: readonly View[];
  /** Views that it was in and is not in any more, sorted. */
  readonly left: readonly View[];
}

/** Names of a type's views. */
export type ViewName<Type extends RecordTypeDefinition> =
  NonNullable<Type['views']> extends infer Views ? (string extends keyof Views ? never : keyof Views & string) : never;

/** Types of the events of a hub's records, with their schemas. */
export type RecordEvents<R extends RecordTypes> = {
  readonly [Name in keyof R & string as `record.${Name}.${RecordChangeKind}`]: Schema<
    RecordEventData<SchemaOutput<R[Name]['schema']>, ViewName<R[Name]>>
  >;
};

/** A hub's event types with those of its records. Of any records, the types alone. */
export type WithRecords<E, R extends RecordTypes> = [keyof R] extends [never] ? E : string extends keyof R ? E : E & RecordEvents<R>;
