import type { RecordAdapter } from './record-adapter.ts';
import type { RecordTypes } from './record-types.ts';

/** Gives a record adapter its types, so that automations are checked against them when they are compiled. */
export function defineRecords<const Types extends RecordTypes>(adapter: RecordAdapter<Types>): RecordAdapter<Types> {
  return adapter;
}
