import type { EventRecord } from '../contracts/dispatch-records.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import type { AppliedMapping, EventAdditions } from '../events/event-additions.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { Json } from '../json/json.ts';
import { applyMapping } from '../mapping/apply-mapping.ts';
import { failedMapping } from '../mapping/mapping-error.ts';
import type { CompiledMappings, MappingTarget } from './compiled-mappings.ts';

/** What a mapping made of an event. */
export type MappedEvent = Pick<EventAdditions, 'mapping' | 'mapped'> & {
  readonly target: MappingTarget;
  readonly error: ErrorRecord | null;
};

/** The mapping that an event is to be looked at with, where there is one. The host's own events have none: they come through no connection. */
export function mappingOf(
  compiled: CompiledMappings,
  { type, connection }: Pick<EventRecord, 'type' | 'connection'>,
): MappingTarget | undefined {
  return connection === null ? undefined : compiled.mappingFor(type, connection);
}

/** Maps an event's data. Where it does not fit, nothing is mapped, and the error says what did not. */
export function mapEvent(target: MappingTarget, data: Json, use?: FuelUse): MappedEvent {
  const { id, name, version } = target;
  const failed = (error: ErrorRecord): MappedEvent => ({
    target,
    error,
    mapping: { id, name, version, failed: true } satisfies AppliedMapping,
  });
  if ('error' in target) {
    const message = `The mapping ${name} cannot be read here: ${target.error.message}`.slice(0, 500);
    return failed({ ...target.error, message });
  }
  const { value, faults } = applyMapping(target.mapping, data, use === undefined ? {} : { use });
  if (faults.length > 0) return failed(toErrorRecord(failedMapping(name, faults)));
  return { target, error: null, mapping: { id, name, version }, mapped: value };
}
