import type { RowPage } from '../contracts/configuration-store.ts';
import { eventData } from '../events/event-data.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { applyMapping, type Mapped } from '../mapping/apply-mapping.ts';
import { type CompiledMapping, compileMapping } from '../mapping/compile-mapping.ts';
import type { MappingDefinition } from '../mapping/mapping-definition.ts';
import { failedMapping } from '../mapping/mapping-error.ts';
import type { MappingFault } from '../mapping/mapping-fault.ts';
import { readMapping } from '../mapping/read-mapping.ts';
import { reverseMapping } from '../mapping/reverse-mapping.ts';
import { compiledRow, type Mapping, mappingRow, mappingVersionName, viewMapping } from './mapping-view.ts';
import { notFound } from './not-found.ts';
import { deleteMapping, putMapping } from './put-mapping.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a mapping would make of some data. */
export interface MappingPreview {
  /** What it makes; fields that do not fit are left out. */
  readonly value: JsonObject;
  /** Each field that does not fit, with the kind of value that was found. Empty: it fits. */
  readonly faults: readonly Omit<MappingFault, 'isFinal'>[];
}

/** A tenant's mappings. A reference is a name or an id. */
export interface MappingsApi {
  /** Makes the mapping of this name, or a new version of it; the same definition changes nothing. It holds for every event committed after it. Throws `mapping_invalid` naming the place. */
  put(name: string, definition: MappingDefinition): Promise<Mapping>;
  /** Checks a definition that comes as data. Throws `mapping_invalid` naming the place. */
  parse(json: unknown): MappingDefinition;
  get(reference: string): Promise<Mapping>;
  list(): Promise<readonly Mapping[]>;
  /** One version, also an old one, while the mapping exists. */
  version(reference: string, version: number): Promise<Mapping>;
  /** The last 100 versions, the newest first. */
  history(reference: string): Promise<readonly Mapping[]>;
  delete(reference: string): Promise<void>;
  /** What a definition would make of some data, before it is put. Nothing is stored. Throws `mapping_invalid`. */
  preview(definition: MappingDefinition, data: Json): Promise<MappingPreview>;
  /** What a mapping would make of some data. Nothing is stored. */
  test(reference: string, data: Json): Promise<MappingPreview>;
  /** Maps data, such as a record of the host's to what an action takes. Throws `mapping_failed` with every field that does not fit. */
  apply(reference: string, data: Json): Promise<JsonObject>;
  /** Maps data back, from the host's shape to the service's. Throws `unsupported` for a field that cannot be taken back, and `mapping_failed`. */
  reverse(reference: string, data: Json): Promise<JsonObject>;
}

/** The mappings part of a tenant's handle. */
export function mappingsApi(scope: TenantScope): MappingsApi {
  return Object.freeze({
    put: (name: string, definition: MappingDefinition) => putMapping(scope, name, definition),
    parse(json: unknown) {
      const definition = readMapping(json);
      compileMapping({ name: '', version: 0, definition });
      return definition;
    },
    get: async (reference: string) => viewMapping(await mappingRow(scope, reference)),
    list: () => listMappings(scope),
    version: (reference: string, version: number) => versionOf(scope, reference, version),
    history: (reference: string) => historyOf(scope, reference),
    delete: (reference: string) => deleteMapping(scope, reference),
    preview: async (definition: MappingDefinition, data: Json) =>
      preview(compileMapping({ name: 'preview', version: 0, definition: readMapping(definition) }), data),
    test: async (reference: string, data: Json) => preview(compiledRow(await mappingRow(scope, reference)), data),
    apply: (reference: string, data: Json) => applyNamed(scope, reference, data),
    reverse: (reference: string, data: Json) => reverseNamed(scope, reference, data),
  });
}

/** Most versions in one answer. */
const mostVersions = 100;

async function listMappings(scope: TenantScope): Promise<readonly Mapping[]> {
  await scope.ready();
  const mappings: Mapping[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'mapping'> = await scope.storage.configuration.list(scope.tenant, 'mapping', { cursor, limit: 500 });
    mappings.push(...page.rows.map(viewMapping));
    cursor = page.cursor;
    if (cursor === null) return mappings;
  }
}

async function versionOf(scope: TenantScope, reference: string, version: number): Promise<Mapping> {
  const { id, name } = await mappingRow(scope, reference);
  const found = Number.isSafeInteger(version)
    ? await scope.storage.configuration.find(scope.tenant, 'mapping_version', mappingVersionName(id, version))
    : null;
  if (!found) throw notFound('mapping');
  return viewMapping({ id, name, value: found.value });
}

async function historyOf(scope: TenantScope, reference: string): Promise<readonly Mapping[]> {
  const { value } = await mappingRow(scope, reference);
  const numbers = Array.from({ length: Math.min(value.version, mostVersions) }, (_, index) => value.version - index);
  const versions: Mapping[] = [];
  for (const number of numbers) versions.push(await versionOf(scope, reference, number));
  return versions;
}

function preview(mapping: CompiledMapping, data: Json): MappingPreview {
  const { value, faults } = applyMapping(mapping, plain(data));
  return { value, faults: faults.map(({ isFinal: _isFinal, ...fault }) => fault) };
}

/** What a mapping of the tenant's makes of data. Throws `mapping_failed`. */
export async function applyNamed(scope: TenantScope, reference: string, data: Json): Promise<JsonObject> {
  const row = await mappingRow(scope, reference);
  return sound(row.name, applyMapping(compiledRow(row), plain(data)));
}

async function reverseNamed(scope: TenantScope, reference: string, data: Json): Promise<JsonObject> {
  const row = await mappingRow(scope, reference);
  const { version } = row.value;
  const compiled = compileMapping({ name: row.name, version, definition: reverseMapping(readMapping(row.value.definition)) });
  return sound(`${row.name}, reversed,`, applyMapping(compiled, plain(data)));
}

function sound(name: string, { value, faults }: Mapped): JsonObject {
  if (faults.length > 0) throw failedMapping(name, faults);
  return value;
}

/** What comes from a host may be no JSON. */
const plain = (data: unknown): Json => eventData(data, 'What is to be mapped').data;
