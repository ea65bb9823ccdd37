import { z } from 'zod';
import type { BuiltInAction } from '../../connector/built-in-action.ts';
import { askAdapter, outcomeOfRefusal, writeOf } from './ask-adapter.ts';
import { finishWrite, mayHaveWritten } from './finish-write.ts';
import type { RecordActionOptions } from './record-action-options.ts';
import { idInput, namedType, recordOutput, typeInput, typeOf, versionFault, versionInput } from './record-input.ts';
import { recordBefore } from './update-record.ts';

const input = z.strictObject({ type: typeInput, id: idInput, expectedVersion: versionInput });

/** What `record.delete` takes. */
export interface DeleteRecordInput {
  /** A type of the host's records. */
  readonly type: string;
  /** The record's id. */
  readonly id: string | number;
  /** Its version; another one is a conflict. @default any */
  readonly expectedVersion?: string | null;
}

/** `record.delete`. */
export function deleteRecord(options: RecordActionOptions): BuiltInAction {
  const { records } = options;
  return {
    name: 'record.delete',
    title: 'Delete record',
    description: "Deletes one of the host's records.",
    idempotency: 'idempotent',
    input,
    output: recordOutput,
    check(given) {
      const type = namedType(records, 'delete', given);
      return typeof type === 'string' ? [type] : versionFault(records, given);
    },
    async run(call) {
      const { type: name, id, expectedVersion = null } = input.parse(call.input);
      const type = typeOf(records, 'delete', { type: name });
      const what = `the record ${type.name}/${id}`;
      const known = await recordBefore(options, call, { type, id });
      const write = { ...writeOf(call, type.name), id, expectedVersion };
      const answer = await askAdapter(options, 'record.delete', () => records.adapter.delete?.(write));
      // Gone it is; who has deleted it, an earlier try or somebody else, nobody can tell.
      const isGone = answer?.status === 'missing' && mayHaveWritten(call);
      if (answer?.status !== 'deleted' && !isGone) return outcomeOfRefusal(answer ?? { status: 'refused' }, what);
      const before = (answer.status === 'deleted' ? answer.before : undefined) ?? known;
      const repeated = before === null ? { kind: 'deleted' as const, changed: [] } : undefined;
      return finishWrite(options, call, { type, id, before, after: null, repeated });
    },
  };
}
