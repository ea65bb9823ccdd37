import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { type CompiledMapping, compileMapping } from '../mapping/compile-mapping.ts';
import { readMapping } from '../mapping/read-mapping.ts';
import { findConnection } from './find-connection.ts';

/** A mapping as the planner sees it; one that this process cannot read, such as one written by a newer version, has the reason instead. */
export type MappingTarget = { readonly id: string; readonly name: string; readonly version: number } & (
  | { readonly mapping: CompiledMapping }
  | { readonly error: ErrorRecord }
);

/** A tenant's mappings. */
export interface CompiledMappings {
  /** The one for events of a type that came through a connection: one that names the connection before one that names none. */
  mappingFor(type: string, connection: string): MappingTarget | undefined;
}

/** Mappings compiled so far, by their row: rows that are as they were stay the same objects. */
export type MappingMemory = WeakMap<Row<'mapping'>, MappingTarget>;

const none: CompiledMappings = { mappingFor: () => undefined };

/** Compiles what a tenant's mappings map, each when it is first asked for. */
export function compiledMappings(configuration: TenantConfiguration, memory: MappingMemory): CompiledMappings {
  const rows = configuration.rows.mapping ?? [];
  if (rows.length === 0) return none;
  const byPlace = new Map<string, Row<'mapping'>>();
  for (const row of rows) {
    const place = placeOf(configuration, row);
    if (place !== undefined) byPlace.set(keyOf(place.event, place.connection), row);
  }
  const compiled = (row: Row<'mapping'>): MappingTarget => {
    const target = memory.get(row) ?? compileOrBreak(row);
    memory.set(row, target);
    return target;
  };
  return {
    mappingFor(type, connection) {
      const row = byPlace.get(keyOf(type, connection)) ?? byPlace.get(keyOf(type, ''));
      return row && compiled(row);
    },
  };
}

const keyOf = (event: string, connection: string): string => `${event}\u0000${connection}`;

/** Whose events a stored mapping is for, read without trusting its shape; the connection is an id, or nothing for any. */
function placeOf(configuration: TenantConfiguration, { value: { definition } }: Row<'mapping'>): MappingPlace | undefined {
  const event = isJsonObject(definition) ? definition['event'] : undefined;
  if (typeof event !== 'string') return undefined;
  const reference = isJsonObject(definition) ? definition['connection'] : undefined;
  if (typeof reference !== 'string') return { event, connection: '' };
  const found = findConnection(configuration, event.split('.', 1)[0] ?? '', reference);
  // Of a connection that has gone nothing comes.
  return found && { event, connection: found.id };
}

interface MappingPlace {
  readonly event: string;
  readonly connection: string;
}

function compileOrBreak({ id, name, value }: Row<'mapping'>): MappingTarget {
  const { version } = value;
  try {
    return { id, name, version, mapping: compileMapping({ name, version, definition: readMapping(value.definition) }) };
  } catch (error) {
    return { id, name, version, error: toErrorRecord(error) };
  }
}
