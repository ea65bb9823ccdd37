import { PatchbayError } from '../errors/patchbay-error.ts';
import type { JsonObject } from '../json/json.ts';
import type { KnownRecords, KnownRecordType } from './known-records.ts';
import type { RecordPlace } from './record-adapter.ts';

/** Which record is asked about, and within what. */
export interface ViewQuestion {
  readonly place: RecordPlace;
  readonly signal: AbortSignal;
  /** The host's own, where the change is told in one. */
  readonly transaction?: unknown;
}

/** Names of the views that a record is in with this data. Throws what the adapter throws, and `invalid_output` where it answers neither yes nor no. */
export async function viewsOf(
  records: KnownRecords,
  type: KnownRecordType,
  data: JsonObject | null,
  { place, signal, transaction }: ViewQuestion,
): Promise<ReadonlySet<string>> {
  const views = new Set<string>();
  if (data === null) return views;
  for (const [view, condition] of type.views) {
    const isIn = condition?.test({ record: data }) ?? (await records.adapter.inView?.({ ...place, view, data, signal, transaction }));
    if (typeof isIn !== 'boolean') throw odd(type.name, view);
    if (isIn) views.add(view);
  }
  return views;
}

function odd(type: string, view: string): PatchbayError {
  return new PatchbayError({
    code: 'invalid_output',
    message: `The record adapter answers neither true nor false for the view ${view} of ${type}. Correct its method inView.`,
  });
}
