import type { BuiltInCall } from '../../connector/built-in-action.ts';
import type { Outcome } from '../../contracts/executor.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import type { JsonObject } from '../../json/json.ts';
import { type RepeatedChange, recordData } from '../../records/change-of.ts';
import type { KnownRecordType } from '../../records/known-records.ts';
import type { HostRecord } from '../../records/record-adapter.ts';
import { tellChange } from '../../records/tell-change.ts';
import { openError } from './ask-adapter.ts';
import type { RecordActionOptions } from './record-action-options.ts';

/** A write that has happened. */
export interface Written {
  readonly type: KnownRecordType;
  readonly id: string;
  /** `null` for a new record, and where nobody knows. */
  readonly before: HostRecord | null;
  /** `null` for one that is gone. */
  readonly after: HostRecord | null;
  /** What to tell where an earlier try may have written it. */
  readonly repeated?: RepeatedChange | undefined;
}

/** Tells of a write, where that is the hub's to do, and makes the action's outcome of it: `{ type, id, version, data }`. */
export async function finishWrite(options: RecordActionOptions, call: BuiltInCall, written: Written): Promise<Outcome> {
  const { type, id, after } = written;
  const warnings: string[] = [];
  const data = after === null ? null : await readData(type, after, warnings);
  if (options.records.adapter.writesToldBy === 'hub' && warnings.length === 0) await tell(options, call, { written, warnings });
  const output = JSON.stringify({ type: type.name, id, version: after?.version ?? null, data });
  return { outcome: 'succeeded', output, ...(warnings.length > 0 ? { warnings } : {}) };
}

/** Whether an earlier try may have made this very change. */
export function mayHaveWritten({ dispatch }: BuiltInCall): boolean {
  return dispatch.unknownSince !== null;
}

/** The write has happened, whatever its schema says of the record. */
async function readData(type: KnownRecordType, { data }: HostRecord, warnings: string[]): Promise<JsonObject | null> {
  try {
    return await recordData(type, data);
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    warnings.push(
      `It is written, and its data is not kept and not told of, because it does not fit its type: ${error.message}`.slice(0, 500),
    );
    return null;
  }
}

interface Telling {
  readonly written: Written;
  readonly warnings: string[];
}

async function tell(options: RecordActionOptions, call: BuiltInCall, { written, warnings }: Telling): Promise<void> {
  const { tenant, key, signal, dispatch } = call;
  const { type, id, before, after, repeated } = written;
  try {
    const cause = dispatch.key.target.startsWith('automation:') ? await options.history.event(tenant, dispatch.key.root) : null;
    await tellChange(options, {
      place: { tenant, type: type.name, id },
      before: before?.data ?? null,
      after: after?.data ?? null,
      version: (after ?? before)?.version ?? undefined,
      cause: cause === null ? undefined : { causation: cause.id, correlation: cause.correlation },
      key: key.value,
      repeated,
      signal,
    });
  } catch (error) {
    const said = isPatchbayError(error) ? error.message : 'the code of the adapter or of a schema threw.';
    // It is written, so a repeat is no first try any more.
    if (!isPatchbayError(error) || error.retryable) throw openError(`It is written, and the hub could not be told of it: ${said}`);
    warnings.push(`It is written, and no automation was told of it: ${said}`.slice(0, 500));
  }
}
