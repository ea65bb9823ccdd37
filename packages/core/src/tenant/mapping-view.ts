import type { Row } from '../contracts/configuration-store.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { type CompiledMapping, compileMapping } from '../mapping/compile-mapping.ts';
import type { MappingDefinition } from '../mapping/mapping-definition.ts';
import { readMapping } from '../mapping/read-mapping.ts';
import { isName } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** A mapping as stored. */
export interface Mapping {
  readonly id: string;
  readonly name: string;
  /** Counts changes of the definition from 1. */
  readonly version: number;
  readonly definition: MappingDefinition;
  /** When this version was made, milliseconds since 1970. */
  readonly createdAt: number;
}

/** The host's view of a stored mapping. */
export function viewMapping({ id, name, value }: Pick<Row<'mapping'>, 'id' | 'name' | 'value'>): Mapping {
  return { id, name, version: value.version, definition: storedMapping(value.definition), createdAt: value.createdAt };
}

/** A definition as it was put. Not parsed again: one that a newer version wrote must still be listed and deleted. */
function storedMapping(definition: Json): MappingDefinition {
  return definition as unknown as MappingDefinition;
}

/** The mapping of a name or an id. Throws `not_found`. */
export async function mappingRow(scope: TenantScope, reference: string): Promise<Row<'mapping'>> {
  await scope.ready();
  const { configuration } = scope.storage;
  const row = isUuid(reference)
    ? await configuration.get(scope.tenant, 'mapping', reference)
    : isName(reference)
      ? await configuration.find(scope.tenant, 'mapping', reference)
      : null;
  if (!row) throw notFound('mapping');
  return row;
}

/** A stored mapping, ready to be applied. Throws `mapping_invalid` where this version of the hub cannot read it. */
export function compiledRow({ name, value }: Pick<Row<'mapping'>, 'name' | 'value'>): CompiledMapping {
  return compileMapping({ name, version: value.version, definition: readMapping(value.definition) });
}

/** The row name of one version of a mapping. */
export function mappingVersionName(mapping: string, version: number): string {
  return `${mapping}/${version}`;
}
