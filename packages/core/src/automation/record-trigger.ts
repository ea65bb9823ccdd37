import type { Condition } from '../rules/condition.ts';

interface AnyRecordRule {
  /** A type of the host's records, as in `createHub({ records: { types } })`. */
  readonly type: string;
  /**
   * Runs that are about the same record go one after another, in the order in which it has changed. `false` lets them go side by side. Where the automation
   * has an `ordering` of its own, that holds. @default true
   */
  readonly ordered?: boolean;
}

/** What has to happen to a record. */
export type RecordRule =
  | (AnyRecordRule & { readonly on: 'created' | 'updated' | 'deleted' })
  /** One of these members has another value than before. 1 to 50. */
  | (AnyRecordRule & { readonly on: 'field_changed'; readonly fields: readonly string[] })
  /** It holds of the `record` now, and did not before; for a new record, it holds. */
  | (AnyRecordRule & { readonly on: 'matches'; readonly condition: Condition })
  /** It is in a view of its type now, and was not before. */
  | (AnyRecordRule & { readonly on: 'enters_view'; readonly view: string });

/** Starts when something happens to one of the host's records. */
export interface RecordTrigger {
  readonly record: RecordRule;
}
