import { type BuiltInExecutorOptions, createBuiltInExecutor } from './actions/built-in/create-built-in-executor.ts';
import type { RecordActionOptions } from './actions/records/record-action-options.ts';
import { recordActions } from './actions/records/record-actions.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';

/** What the actions on the host's records are bound to. */
export interface HubRecordsOptions extends BuiltInExecutorOptions, Omit<RecordActionOptions, 'records' | 'clock' | 'logger'> {
  /** `null`: the host has declared none. */
  readonly records: RecordActionOptions['records'] | null;
  readonly registry: Pick<ConnectorRegistry, 'builtIn'>;
  /** Those of the actions join them. */
  readonly executors: Map<string, Executor>;
}

/** Gives the hub the actions on the host's records: what automations may name, and what executes it. */
export function addRecordActions({ records, ...options }: HubRecordsOptions): void {
  if (records === null) return;
  for (const action of recordActions({ ...options, records })) {
    options.registry.builtIn.add(action);
    const executor = createBuiltInExecutor(action, options);
    options.executors.set(executor.handler, executor);
  }
}
