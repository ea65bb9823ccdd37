import type { JsonObject } from '../json/json.ts';
import type { RecordTypes } from './record-types.ts';

/** One record, as the host has it at this moment. */
export interface HostRecord {
  /** 1 to 200 characters. */
  readonly id: string;
  /**
   * What changes with every change of the record: a number of its own, a time, a row version; at most 100 characters. `null` where the host
   * has none.
   */
  readonly version: string | null;
  /** What the schema of its type takes. */
  readonly data: JsonObject;
}

/** A record of a type of a tenant. */
export interface RecordPlace {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
}

/** What every call is given. */
export interface RecordCall {
  /** The one whose records it is about. Those of every other tenant are unknown to it. */
  readonly tenant: string;
  readonly type: string;
  /** Aborts when the time is over or somebody else has taken the work over. */
  readonly signal: AbortSignal;
}

/** What every writing call is given besides. */
export interface RecordWrite extends RecordCall {
  /** The same on every try, 32 characters of `A-Z a-z 0-9 _ -`. Where it was seen before, the first try's answer is given again. */
  readonly key: string;
  /**
   * Id of the event whose run makes the call; `null` for a call that no event has caused. Whoever tells of the change hands it on
   * (`records.changed({ causation })`): it is what stops loops.
   */
  readonly causation: string | null;
}

/**
 * What became of a write. `conflict`: the record has another version than the expected one, or another record stands in the way. `missing`: the
 * tenant has no such record. `refused`: the host's own rules say no. After all three nothing has changed. `reason` is shown to people:
 * a sentence without secrets.
 */
export type RecordAnswer =
  | {
      readonly status: 'written';
      readonly record: HostRecord;
      /** How it was until then; `null` for a new one. Left out, the hub has asked `get` before, where it tells of the change itself. */
      readonly before?: HostRecord | null;
    }
  | RecordRefusal;

/** A write that has changed nothing. */
export type RecordRefusal = { readonly status: 'conflict' | 'refused'; readonly reason?: string } | { readonly status: 'missing' };

/** What became of a deletion; a record that is not there any more is `missing`. */
export type RecordDeletion = { readonly status: 'deleted'; readonly before?: HostRecord } | RecordRefusal;

/** What became of a link; one that is there already is `linked`. */
export type RecordLinking = { readonly status: 'linked' } | RecordRefusal;

/**
 * The host's own records, as the hub reads and writes them. The hub keeps none: whatever is read is asked for, and what has changed is told.
 *
 * Every method may be called in several processes at once, and again with the same arguments. What throws a `PatchbayError` has changed
 * nothing, and is tried again where that says `retryable`; after anything else that is thrown, and after a call that outlasts its time, nobody
 * knows, and what follows depends on the method (below).
 *
 * A method that is absent is one that automations cannot ask for.
 */
export interface RecordAdapter<Types extends RecordTypes = RecordTypes> {
  /** The types of records that automations may know, with what may be done to each. */
  readonly types: Types;
  /**
   * Who tells of what the writing methods below have changed. `adapter`: they do, with the `causation` they are given, best in the transaction of
   * the write. `hub`: the hub publishes it once the call has answered; a process that dies in between tells of it when the write
   * is tried again. Needed where there is a writing method.
   */
  readonly writesToldBy?: 'adapter' | 'hub';
  /**
   * Milliseconds for which `create` knows a key again and answers what it has answered before. With it a creation whose answer was lost is tried
   * again, without it a person decides. @default keys are not looked at
   */
  readonly keyLifetimeMs?: number;
  /** Records have versions: `update` and `delete` take an expected one and compare it in the same transaction as they write. @default false */
  readonly versions?: boolean;
  /** The record; `null` where this tenant has none of this id. Reads only. */
  get(call: RecordCall & { readonly id: string }): Promise<HostRecord | null>;
  /** Makes a record with an id of the host's. After an unknown outcome: tried again within `keyLifetimeMs`, else held for a person. */
  create?(call: RecordWrite & { readonly data: JsonObject }): Promise<RecordAnswer>;
  /**
   * Sets the members that are given and leaves the others. Of two racers with one expected version one is written. After an unknown outcome it is
   * tried again: the same members are set to the same values.
   */
  update?(
    call: RecordWrite & { readonly id: string; readonly data: JsonObject; readonly expectedVersion: string | null },
  ): Promise<RecordAnswer>;
  /** Deletes it. After an unknown outcome it is tried again; one that is `missing` then counts as deleted. */
  delete?(call: RecordWrite & { readonly id: string; readonly expectedVersion: string | null }): Promise<RecordDeletion>;
  /** Joins two records of the tenant by a link of the type. Once joined they stay joined, however often it is called. Tried again after an unknown outcome. */
  link?(call: RecordWrite & { readonly id: string; readonly link: string; readonly to: RecordPlace }): Promise<RecordLinking>;
  /**
   * Whether a record as given is in a view that has no condition. It is asked about how a record was and how it is, so it looks at the given
   * data and never reads the record anew. `transaction` is the host's own, where the change is told in one.
   */
  inView?(
    call: RecordCall & { readonly view: string; readonly id: string; readonly data: JsonObject; readonly transaction?: unknown },
  ): boolean | Promise<boolean>;
}
