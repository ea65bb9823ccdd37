import { z } from 'zod';
import type { BuiltInAction, BuiltInCall } from '../../connector/built-in-action.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import type { KnownRecordType } from '../../records/known-records.ts';
import type { HostRecord, RecordAnswer } from '../../records/record-adapter.ts';
import { askAdapter, outcomeOfRefusal, soundRecord, writeOf } from './ask-adapter.ts';
import { finishWrite, mayHaveWritten } from './finish-write.ts';
import type { RecordActionOptions } from './record-action-options.ts';
import {
  dataFaults,
  dataInput,
  idInput,
  namedType,
  readInputData,
  recordOutput,
  typeInput,
  typeOf,
  versionFault,
  versionInput,
} from './record-input.ts';

const input = z.strictObject({ type: typeInput, id: idInput, data: dataInput, expectedVersion: versionInput });

/** What `record.update` takes. */
export interface UpdateRecordInput {
  /** A type of the host's records. */
  readonly type: string;
  /** The record's id. */
  readonly id: string | number;
  /** Members of the record. */
  readonly data: Readonly<Record<string, Json>>;
  /** Its version; another one is a conflict. @default any */
  readonly expectedVersion?: string | null;
}

/** `record.update`. */
export function updateRecord(options: RecordActionOptions): BuiltInAction {
  const { records } = options;
  return {
    name: 'record.update',
    title: 'Update record',
    description: "Sets members of one of the host's records.",
    idempotency: 'idempotent',
    input,
    output: recordOutput,
    async check(given) {
      const type = namedType(records, 'update', given);
      if (typeof type === 'string') return [type];
      return [...versionFault(records, given), ...(await dataFaults(type.definition.update, given))];
    },
    async run(call) {
      const { type: name, id, data: wanted, expectedVersion = null } = input.parse(call.input);
      const type = typeOf(records, 'update', { type: name });
      const what = `the record ${type.name}/${id}`;
      const data = await readInputData(type.definition.update ?? type.definition.schema, wanted, `The data of ${what}`);
      const { known, answer } = await written(options, call, { type, id, data, expectedVersion });
      const again = { kind: 'updated' as const, changed: Object.keys(data) };
      if (answer?.status === 'written') {
        const before = answer.before ?? known;
        const repeated = before === null || mayHaveWritten(call) ? again : undefined;
        return finishWrite(options, call, { type, id, before, after: soundRecord(answer.record, what), repeated });
      }
      if (answer?.status === 'conflict' && mayHaveWritten(call)) {
        const now = await recordNow(options, call, { type, id });
        // An earlier try has made the change, and moved the version with it.
        if (now !== null && holds(now, data)) return finishWrite(options, call, { type, id, before: now, after: now, repeated: again });
      }
      return outcomeOfRefusal(answer ?? { status: 'refused' }, what);
    },
  };
}

/** Times that others may change a record between the look at it and the write. */
const mostRaces = 5;

interface Wanted extends Place {
  readonly data: JsonObject;
  readonly expectedVersion: string | null;
}

/**
 * Writes, and answers how the record was before. Where the hub tells of that and records have versions, the write is upon the very record that was looked at: of two
 * at once each is told with what the other has left, so that a view is entered once.
 */
async function written(
  options: RecordActionOptions,
  call: BuiltInCall,
  { type, id, data, expectedVersion }: Wanted,
): Promise<{ readonly known: HostRecord | null; readonly answer: RecordAnswer | undefined }> {
  const { adapter } = options.records;
  for (let races = 0; ; races += 1) {
    const known = await recordBefore(options, call, { type, id });
    const guard = expectedVersion ?? (adapter.versions === true ? (known?.version ?? null) : null);
    const write = { ...writeOf(call, type.name), id, data, expectedVersion: guard };
    const answer = await askAdapter(options, 'record.update', () => adapter.update?.(write));
    if (answer?.status !== 'conflict' || expectedVersion !== null || guard === null) return { known, answer };
    if (races >= mostRaces)
      throw new PatchbayError({
        code: 'conflict',
        message: `The record ${type.name}/${id} is being changed by others, time after time. Nothing was written. Try again.`,
        retryable: true,
        sent: 'no',
      });
  }
}

interface Place {
  readonly type: KnownRecordType;
  readonly id: string;
}

/** How the record is before the write, where the hub tells of the change; `null` where nobody needs to know. */
export async function recordBefore(options: RecordActionOptions, call: BuiltInCall, place: Place): Promise<HostRecord | null> {
  return options.records.adapter.writesToldBy === 'hub' ? recordNow(options, call, place) : null;
}

async function recordNow(options: RecordActionOptions, call: BuiltInCall, { type, id }: Place): Promise<HostRecord | null> {
  const { tenant, signal } = call;
  const ask = { tenant, type: type.name, id, signal };
  const found = await askAdapter(options, 'record.get', () => options.records.adapter.get(ask));
  return found === null ? null : soundRecord(found, `the record ${type.name}/${id}`);
}

function holds({ data }: HostRecord, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(data, name) && canonicalJson(data[name]) === canonicalJson(value));
}
