import type { BuiltInAction } from '../../connector/built-in-action.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { createRecord } from './create-record.ts';
import { deleteRecord } from './delete-record.ts';
import { linkRecords } from './link-records.ts';
import type { RecordActionOptions } from './record-action-options.ts';
import { updateRecord } from './update-record.ts';

/** The actions on the host's records: those for which its adapter has a method. */
export function recordActions(options: RecordActionOptions): readonly BuiltInAction[] {
  const { adapter } = options.records;
  const actions = { create: createRecord, update: updateRecord, delete: deleteRecord, link: linkRecords };
  return Object.entries(actions)
    .filter(([method]) => Reflect.get(adapter, method) !== undefined)
    .map(([, make]) => ({ ...make(options), lane }));
}

/** Records of one type are one lane, whatever is done to them. */
function lane(input: Json): string {
  const type = isJsonObject(input) ? input['type'] : undefined;
  return `record:${typeof type === 'string' ? type.slice(0, 64) : ''}`;
}
