import { z } from 'zod';
import type { BuiltInAction } from '../../connector/built-in-action.ts';
import type { Json } from '../../json/json.ts';
import { askAdapter, outcomeOfRefusal, soundRecord, writeOf } from './ask-adapter.ts';
import { finishWrite } from './finish-write.ts';
import type { RecordActionOptions } from './record-action-options.ts';
import { dataFaults, dataInput, namedType, readInputData, recordOutput, typeInput, typeOf } from './record-input.ts';

const input = z.strictObject({ type: typeInput, data: dataInput });

/** What `record.create` takes. */
export interface CreateRecordInput {
  /** A type of the host's records. */
  readonly type: string;
  /** Members of the record. */
  readonly data: Readonly<Record<string, Json>>;
}

/** `record.create`. */
export function createRecord(options: RecordActionOptions): BuiltInAction {
  const { records } = options;
  const { keyLifetimeMs } = records.adapter;
  return {
    name: 'record.create',
    title: 'Create record',
    description: "Makes one of the host's records.",
    ...(keyLifetimeMs === undefined ? { idempotency: 'unsafe' } : { idempotency: 'keyed', keyLifetimeMs }),
    input,
    output: recordOutput,
    async check(given) {
      const type = namedType(records, 'create', given);
      return typeof type === 'string' ? [type] : dataFaults(type.definition.create, given);
    },
    async run(call) {
      const given = input.parse(call.input);
      const type = typeOf(records, 'create', given);
      const what = `a record of type ${type.name}`;
      const data = await readInputData(type.definition.create ?? type.definition.schema, given.data, `The data of ${what}`);
      const answer = await askAdapter(options, 'record.create', () => records.adapter.create?.({ ...writeOf(call, type.name), data }));
      if (answer?.status !== 'written') return outcomeOfRefusal(answer ?? { status: 'refused' }, what);
      const after = soundRecord(answer.record, what);
      return finishWrite(options, call, { type, id: after.id, before: null, after });
    },
  };
}
